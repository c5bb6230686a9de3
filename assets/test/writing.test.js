import assert from "node:assert/strict";
import { test } from "node:test";
import { begun, emojiOf, suggestions } from "../js/later/suggest.js";
import { obey as obeyIn } from "../js/later/slash.js";
import "./fake.js";

/** @param {object} [about] */
const roomOf = (about) => ({ room: "ops", title: "Ops", private: false, joined: true, unread: 0, head: "1", may: ["change", "invite"], ...about });
const obey = (written, room = roomOf()) => obeyIn(written, room);

test("a command begins with one slash and a word, and nothing else is one", () => {
  for (const text of ["hi", " /me waves", "/usr/bin is full", "/", "// TODO", "1/2", "/1", "a /me"]) assert.deepEqual(obey(text), { text });
  assert.deepEqual(obey("/me waves"), { text: "_waves_" });
  assert.deepEqual(obey("/ME waves\nand goes"), { text: "_waves_\n_and goes_" });
  assert.deepEqual(obey("//me waves"), { text: "/me waves" });
  assert.deepEqual(obey("//nothing"), { text: "/nothing" });
  assert.match(obey("/me  ").error, /what you do/);
  assert.match(obey("/nothing at all").error, /no command \/nothing.*\/\/nothing/);
  assert.match(obey("/constructor").error, /no command/);
});

test("a command about the room says what is to be done, and where one may not, that", () => {
  assert.deepEqual(obey("/topic what broke "), { deed: "topic", rest: "what broke" });
  assert.deepEqual(obey("/mute"), { deed: "mute", rest: "" });
  assert.match(obey("/topic").error, /behind it/);
  assert.match(obey("/invite ann", roomOf({ may: ["change"] })).error, /cannot use \/invite/);
  assert.match(obey("/mute", roomOf({ joined: false })).error, /cannot use/);
  const offered = (/** @type {string} */ word, /** @type {object} */ about) => suggestions(word, [], roomOf(about)).map(({ insert }) => insert);
  assert.deepEqual(offered("/", {}), ["/me", "/topic", "/invite", "/mute"]);
  assert.deepEqual(offered("/", { may: [] }), ["/me", "/mute"]);
  assert.deepEqual(offered("/m", { joined: false }), ["/me"]);
  assert.deepEqual(suggestions("/to", [], roomOf())[0], { insert: "/topic", sign: "", label: "/topic words – Change the topic of this room" });
});

test("a word is begun by a colon or an at, but not in a time, an address or code", () => {
  assert.equal(begun("well :ta"), ":ta");
  assert.equal(begun(":tada:"), ":tada:");
  assert.equal(begun("(@an"), "@an");
  assert.equal(begun("@"), "@");
  assert.equal(begun("@jürg"), "@jürg");
  assert.equal(begun("/m"), "/m");
  assert.deepEqual(suggestions("/m", [], roomOf({ joined: false })).map(({ insert }) => insert), ["/me"]);
  for (const text of ["at 10:30", "http://x", ":)", ":D", "a@b.example", "hi", "`:ta", "@ana ", "/me ", "see /m", "/usr/b"]) assert.equal(begun(text), null, text);
  assert.equal(begun("`x` :ta"), ":ta");
});

test("emoji are found by the beginning of their shortcodes, then by a later word", () => {
  assert.equal(emojiOf(":tada:"), "🎉");
  assert.equal(emojiOf(":+1:"), "👍");
  assert.equal(emojiOf(":nothing_like_it:"), undefined);
  assert.equal(emojiOf(":constructor:"), undefined);
  assert.deepEqual(suggestions(":tad", [])[0], { insert: "🎉", sign: "🎉", label: ":tada:" });
  assert.ok(suggestions(":hear", []).length <= 6);
  assert.deepEqual(suggestions(":zzzz", []), []);
});

test("names are found however they are written, once each, the likeliest first", () => {
  const people = ["Johanna", "ana", "Ana Maria", "ana"].map((name, i) => ({ id: `p${i}`, name }));
  const inserts = (word, all = false) => suggestions(word, { people, all }).map(({ insert }) => insert);
  assert.deepEqual(inserts("@AN"), ["@ana", '@"Ana Maria"', "@Johanna"]);
  assert.deepEqual(inserts("@"), ["@Johanna", "@ana", '@"Ana Maria"']);
  assert.deepEqual(inserts("@mar"), ['@"Ana Maria"']);
  assert.deepEqual(inserts('@"ana'), ["@ana", '@"Ana Maria"']);
  assert.deepEqual(inserts("@r", true), ['@"Ana Maria"', "@room"]);
  assert.deepEqual(inserts("@", true), ["@Johanna", "@ana", '@"Ana Maria"', "@room", "@here"]);
});
