package cmd_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// lookAtThread is the thread as it is seen: its messages, and for one's own where they are on their way.
const lookAtThread = `(() => {
	const thread = document.querySelector("#thread");
	const lis = [...thread?.querySelectorAll("li.message") ?? []];
	return {
		Lines: lis.map((li) => li.querySelector(".name").textContent + ": " + li.querySelector(".text").textContent),
		States: lis.map((li) => li.dataset.state ?? ""), Draft: thread?.querySelector("textarea")?.value ?? "", Focus: document.activeElement?.id ?? "",
	};
})()`

type threadView struct {
	Lines, States []string
	Draft, Focus  string
}

// readsThread waits until the thread beside the room, or over it, says this, all of it sent.
func (p *person) readsThread(lines ...string) {
	p.stage.Helper()
	until(p.webPage, fmt.Sprintf("the thread %q", lines), lookAtThread, func(v threadView) bool {
		return slices.Equal(v.Lines, lines) && !slices.Contains(v.States, "waiting") && !slices.Contains(v.States, "sending")
	})
}

// counts waits until the last message with these words leads to so many answers.
func (p *person) counts(words, answers string) {
	p.stage.Helper()
	p.waitsFor(words+" to have "+answers, fmt.Sprintf(`(([...document.querySelectorAll("#messages li.message")].findLast((li) => li.querySelector(".text").textContent === %q)
		?.querySelector(".answers")?.textContent ?? "").split(" · ")[0]) === %q`, words, answers))
}

func (p *person) opensThread() {
	p.stage.Helper()
	p.clicksOn(`document.querySelector("#messages .answers")`)
	p.waitsFor("the field of the thread", `document.activeElement.id === "thread-text" && document.querySelector("#thread .loading") === null`)
}

// thread: a conversation beside the room, on a wide screen and on a phone, while the server dies in the middle of it.
func thread(s *stage) {
	ana, bob := s.joins("ana"), s.person("bob")
	bob.hasScreen(screen{390, 844, true})
	bob.joins()
	s.mayLog(whileAway...)
	ana.says("where to?")
	bob.sees("ana: where to?")
	bob.hasAll()
	bob.holdsFinger("where to?")
	bob.picks("Reply")
	bob.says("the lake")
	ana.counts("where to?", "1 answer")
	ana.opensThread()
	ana.readsThread("ana: where to?", "bob: the lake")
	ana.types("by train")
	ana.presses(enter)
	bob.counts("where to?", "2 answers")
	bob.reads("by train", func(f footed) bool { return f.Quote == "ana: where to?" })
	ana.readsThread("ana: where to?", "bob: the lake", "ana: by train")

	bob.opensThread()
	bob.readsThread("ana: where to?", "bob: the lake", "ana: by train")
	bob.fits(screen{390, 844, true}, "the thread")
	if asks[bool](bob.webPage, `!document.querySelector("main").inert`) {
		s.Error("what lies under the thread can be reached")
	}
	bob.types("half a thought")
	bob.clicks("Close the thread")
	bob.waitsFor("the room", `document.querySelector("#thread") === null && !document.querySelector("main").inert && location.hash === ""`)
	bob.opensThread()
	until(bob.webPage, "the draft", lookAtThread, func(v threadView) bool { return v.Draft == "half a thought" })

	// the server dies: what is said meanwhile waits in the thread and in the room, and is there once
	s.server.kill()
	ana.seesStatus("econnecting")
	ana.types("anybody?")
	ana.presses(enter)
	until(ana.webPage, "the answer to wait", lookAtThread, func(v threadView) bool {
		return slices.Contains(v.States, "waiting") || slices.Contains(v.States, "sending")
	})
	bob.presses(enter)
	s.starts()
	for _, p := range []*person{ana, bob} {
		p.counts("where to?", "4 answers")
		until(p.webPage, "everything to be sent", lookAtThread, func(v threadView) bool {
			return len(v.Lines) == 5 && !slices.Contains(v.States, "waiting") && !slices.Contains(v.States, "sending")
		})
	}
	answers := asks[threadView](ana.webPage, lookAtThread).Lines
	bob.readsThread(answers...)

	ana.chooses("by train", "Delete")
	ana.picks("Delete for everyone?")
	answers[2] = "ana: " + deletedWords
	for _, p := range []*person{ana, bob} {
		p.counts("where to?", "3 answers")
		p.readsThread(answers...)
	}

	axe, err := os.ReadFile("../assets/node_modules/axe-core/axe.min.js")
	if err != nil {
		missing(s, "axe-core is not there (npm ci in assets)")
	}
	for _, p := range []*person{ana, bob} {
		for _, scheme := range []string{"light", "dark"} {
			p.prefers("color-scheme", scheme)
			for _, violation := range p.judgedBy(string(axe)) {
				s.Errorf("the thread of %s, %s: %s", p.name, scheme, violation)
			}
		}
	}
	ana.reloads()
	ana.readsThread(answers...) // the address says that it is open
	ana.isIn()
	ana.presses(escape)
	ana.waitsFor("the focus to be back", `document.querySelector("#thread") === null && document.activeElement.matches("#messages .answers")`)
	ana.presses(enter) // with the keys alone
	ana.readsThread(answers...)

	carl := s.joins("carl")
	carl.opens("/r/lobby#" + strings.SplitN(asks[string](ana.webPage, `location.href`), "#", 2)[1])
	carl.readsThread(answers...)
	carl.hasScreen(screen{320, 568, true})
	carl.fits(screen{320, 568, true}, "the thread")
	s.history(append([]string{"ana: where to?"}, answers[1:]...)...)
}
