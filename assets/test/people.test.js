import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { hue, initial } from "../js/person.js";
import { Presence } from "../js/presence.js";
import { Typing } from "../js/typing.js";

const ana = { id: "p1", name: "ana" };
const ben = { id: "p2", name: "ben" };
const cleo = { id: "p3", name: "cleo" };

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
});

test("presence: a snapshot replaces, a difference changes, a number alone drops the names", () => {
  const presence = new Presence(ben);
  const names = () => presence.people()?.map((p) => p.name);
  assert.deepEqual(names(), ["ben"]);
  presence.apply({ kind: "presence", here: [cleo, ana, ben], count: 3 });
  assert.deepEqual(names(), ["ben", "ana", "cleo"], "oneself first, then by name");
  presence.apply({ kind: "presence", left: [ana], count: 2 });
  assert.deepEqual(names(), ["ben", "cleo"]);
  presence.apply({ kind: "presence", count: 1234 });
  assert.equal(names(), undefined);
  assert.equal(presence.count, 1234);
  presence.apply({ kind: "presence", joined: [ana], count: 1235 });
  assert.equal(names(), undefined, "a difference to an unknown list is no list");
  presence.apply({ kind: "presence", here: [ana], count: 1 });
  assert.deepEqual(names(), ["ana"]);
});

function typingOf(me = ana) {
  const shown = [];
  let said = 0;
  const typing = new Typing({ me, room: "lobby", changed: (names) => shown.push(names.join()), say: () => { said++; } });
  return { typing, shown, said: () => said };
}

test("typing is shown for five seconds after the last signal, or until the message is there", () => {
  const { typing, shown } = typingOf();
  typing.apply({ kind: "typing", room: "lobby", by: ben });
  mock.timers.tick(4_000);
  typing.apply({ kind: "typing", room: "lobby", by: ben });
  mock.timers.tick(4_999);
  assert.equal(shown.at(-1), "ben");
  mock.timers.tick(1);
  assert.equal(shown.at(-1), "");
  typing.apply({ kind: "typing", room: "lobby", by: cleo });
  typing.done("p3");
  assert.equal(shown.at(-1), "");
});

test("oneself and other rooms are not shown", () => {
  const { typing, shown } = typingOf();
  typing.apply({ kind: "typing", room: "lobby", by: ana });
  typing.apply({ kind: "typing", room: "ops", by: ben });
  assert.deepEqual(shown, []);
});

test("typing is said at most once a second, and at once after a message", () => {
  const { typing, said } = typingOf();
  for (let i = 0; i < 10; i++) typing.typed();
  assert.equal(said(), 1);
  mock.timers.tick(1_000);
  typing.typed();
  assert.equal(said(), 2);
  typing.sent();
  typing.typed();
  assert.equal(said(), 3);
});

test("a colour is fnv1a32 of the id modulo 12, as the server computes it", () => {
  // FNV's own test vectors: "" 811c9dc5, "a" e40c292c, "foobar" bf9cf968
  assert.equal(hue(""), 0x811c9dc5 % 12);
  assert.equal(hue("a"), 0xe40c292c % 12);
  assert.equal(hue("foobar"), 0xbf9cf968 % 12);
});

test("an initial is a whole grapheme", () => {
  assert.equal(initial("ana"), "A");
  assert.equal(initial("łucja"), "Ł");
  assert.equal(initial("👩‍🚀 kim"), "👩‍🚀");
  assert.equal(initial(""), "?");
});
