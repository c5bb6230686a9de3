package web

import "strings"

// languages by the names that people write behind the fence.
var languages = func() map[string]*syntax {
	all := map[string]*syntax{}
	add := func(names string, s syntax, words string) {
		s.words = map[string]bool{}
		for _, w := range strings.Fields(words) {
			s.words[w] = true
		}
		for _, name := range strings.Fields(names) {
			all[name] = &s
		}
	}
	slashes := syntax{line: []string{"//"}, block: [][2]string{{"/*", "*/"}}, quotes: `"'`}
	script := slashes
	script.longest = []string{"`"}
	hashes := syntax{line: []string{"#"}, quotes: `"'`}
	python := hashes
	python.longest = []string{`"""`, `'''`}
	rust := slashes
	rust.quotes = `"`
	tags := syntax{tags: true, block: [][2]string{{"<!--", "-->"}}, quotes: `"`}
	const c = "auto break case char const continue default do double else enum extern float for goto if inline int long register return short signed sizeof static struct switch typedef union unsigned void volatile while bool true false NULL "

	add("go golang", script, "break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct switch type var nil true false string int int64 uint byte rune error bool any float64")
	add("c h", slashes, c+"#include #define #ifdef #endif")
	add("cpp c++ cc hpp", slashes, c+"class namespace template typename public private protected virtual override new delete this using try catch throw nullptr constexpr noexcept concept requires operator friend auto decltype")
	add("cs csharp c#", slashes, c+"class namespace public private protected internal virtual override new this using try catch throw finally null var async await foreach in is as string object get set readonly record sealed abstract yield partial")
	add("java", slashes, "abstract assert boolean break byte case catch char class const continue default do double else enum extends final finally float for if implements import instanceof int interface long new null package private protected public record return sealed short static super switch synchronized this throw throws try var void volatile while yield true false String")
	add("kotlin kt", slashes, "as break class companion continue data do else false for fun if import in interface internal is null object open override package private protected return sealed super suspend this throw true try val var when while")
	add("swift", slashes, "as break case catch class continue default defer do else enum extension false fileprivate for func guard if import in init inout internal is let nil open override private protocol public return self static struct super switch throw throws true try var where while async await")
	add("scala", slashes, "abstract case catch class def do else enum extends final finally for given if implicit import lazy match new null object override package private protected return sealed super this throw trait try type val var while with yield true false")
	add("dart", slashes, "abstract as async await break case catch class const continue default do else enum extends factory false final finally for if implements import in is late mixin new null required return static super switch this throw true try var void while with yield int double String bool")
	add("rust rs", rust, "as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move mut pub ref return self Self static struct super trait true type unsafe use where while i32 i64 u8 u32 u64 usize str String Option Result Some None Ok Err bool")
	add("zig", rust, "align and anytype break catch comptime const continue defer else enum errdefer error export extern false fn for if inline null opaque or orelse pub return struct switch test true try undefined union unreachable usingnamespace var void while")
	js := "async await break case catch class const continue debugger default delete do else export extends false finally for from function get if import in instanceof let new null of return set static super switch this throw true try typeof undefined var void while yield "
	add("js javascript jsx mjs", script, js)
	add("ts typescript tsx", script, js+"abstract any as boolean declare enum implements interface keyof namespace never number private protected public readonly string type unknown")
	add("json json5 jsonc", slashes, "true false null")
	add("php", syntax{line: []string{"//", "#"}, block: slashes.block, quotes: `"'`}, "abstract and array as break case catch class clone const continue declare default do echo else elseif empty extends final finally fn for foreach function global if implements include instanceof interface isset match namespace new null or print private protected public readonly require return static switch this throw trait true false try unset use var while yield")
	add("css scss less", syntax{line: []string{"//"}, block: slashes.block, quotes: `"'`}, "important media supports import keyframes layer container inherit initial unset none auto block flex grid")
	add("py python", python, "and as assert async await break case class continue def del elif else except False finally for from global if import in is lambda match None nonlocal not or pass raise return self True try while with yield")
	add("rb ruby", hashes, "alias and begin break case class def defined do else elsif end ensure false for if in module next nil not or redo rescue retry return self super then true undef unless until when while yield require attr_reader attr_accessor puts")
	add("sh bash zsh shell console", hashes, "if then else elif fi for while until do done case esac in function return exit export local readonly set unset shift source echo cd test trap eval exec sudo")
	add("perl pl", hashes, "my our local use no sub if elsif else unless while until for foreach return last next redo die warn print package require and or not eq ne lt gt")
	add("r", hashes, "if else repeat while function for in next break TRUE FALSE NULL NA Inf NaN library")
	add("yaml yml", hashes, "true false null yes no on off")
	add("toml ini conf", syntax{line: []string{"#", ";"}, quotes: `"'`}, "true false")
	add("dockerfile docker", syntax{line: hashes.line, quotes: `"'`, fold: true}, "from run cmd label expose env add copy entrypoint volume user workdir arg onbuild stopsignal healthcheck shell as")
	add("make makefile", hashes, "ifeq ifneq ifdef ifndef else endif include define endef export override")
	add("nix", syntax{line: []string{"#"}, block: slashes.block, quotes: `"`, longest: []string{"''"}}, "let in with rec inherit if then else assert import true false null")
	add("ex elixir exs", python, "def defp defmodule do end if else unless case cond fn for in with when true false nil import alias use require and or not raise rescue try catch after receive")
	add("sql sqlite postgres", syntax{line: []string{"--"}, block: slashes.block, quotes: `'"`, fold: true}, "select from where and or not in is null insert into values update set delete create table view index trigger drop alter add column primary key foreign references unique default constraint join left right inner outer full cross on as group by order having limit offset union all distinct case when then else end exists between like begin commit rollback transaction with recursive returning asc desc integer text blob real if replace conflict do nothing over partition")
	add("lua", syntax{line: []string{"--"}, block: [][2]string{{"--[[", "]]"}}, quotes: `"'`, longest: nil}, "and break do else elseif end false for function goto if in local nil not or repeat return then true until while")
	add("hs haskell", syntax{line: []string{"--"}, block: [][2]string{{"{-", "-}"}}, quotes: `"`}, "case class data deriving do else if import in infix infixl infixr instance let module newtype of then type where forall Maybe Just Nothing IO")
	add("html xml svg vue", tags, "")
	add("diff patch", syntax{diff: true}, "")
	return all
}()
