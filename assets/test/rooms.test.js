import assert from "node:assert/strict";
import { test } from "node:test";

import { addressOf } from "../js/later/create-room.js";
import { fit } from "../js/later/switcher.js";
import { Rooms } from "../js/rooms.js";

const me = { id: "1", name: "ana" };
const bob = { id: "2", name: "bob" };
const room = (name, more = {}) => ({ room: name, title: name, private: false, joined: true, unread: 0, head: "0", ...more });
const posted = (id, name, by = bob) => ({ kind: "message.posted", id, room: name, at: "2026-11-22T08:00:00.000Z", by, text: "hi" });
const about = (kind, name, people) => ({ kind, id: "e", room: name, at: "", by: bob, people });

/** Rooms whose lists are answered by hand. */
function house(list) {
  const asked = [];
  const rooms = new Rooms({
    rooms: list, me: me.id, here: "lobby", changed() {},
    load: () => new Promise((resolve, reject) => asked.push({ resolve: (rooms) => resolve({ rooms }), reject })),
  });
  return { rooms, asked, unread: () => rooms.list.map((r) => `${r.room} ${r.unread}`).join(", ") };
}

test("what others say elsewhere is counted, up to a hundred, and not where it is muted", () => {
  const { rooms, unread } = house([room("lobby"), room("ops"), room("news", { muted: true })]);
  for (let i = 0; i < 120; i++) rooms.apply(posted(`o${i}`, "ops"));
  rooms.apply(posted("m", "ops", me));
  rooms.apply(posted("n", "news"));
  rooms.apply(posted("l", "lobby"));
  assert.equal(unread(), "lobby 1, ops 100, news 0");
  assert.equal(rooms.unreadElsewhere, 100);
  rooms.readHere();
  rooms.apply({ kind: "read", room: "ops", head: "o119", unread: 2, muted: false });
  assert.equal(unread(), "lobby 0, ops 2, news 0");
});

test("what comes while the list is on its way is counted once", async () => {
  const { rooms, asked, unread } = house([room("lobby"), room("ops")]);
  const refreshed = rooms.refresh();
  rooms.apply(posted("a", "ops"));
  rooms.apply(posted("b", "ops"));
  rooms.apply(posted("c", "lobby"));
  asked[0].resolve([room("lobby"), room("ops", { unread: 1, head: "a" })]); // it has a, and neither b nor c
  await refreshed;
  assert.equal(unread(), "lobby 1, ops 2");
});

test("whoever is put out of a private room has it no more; whoever is invited asks for it", async () => {
  const { rooms, asked, unread } = house([room("lobby"), room("board", { private: true })]);
  rooms.apply(about("member.removed", "board", [bob]));
  assert.equal(unread(), "lobby 0, board 0");
  rooms.apply(about("member.removed", "board", [me]));
  rooms.apply(posted("x", "lobby"));
  assert.equal(unread(), "lobby 1");
  assert.equal(asked.length, 0); // it is not among those that one may join
  rooms.apply(about("member.invited", "board", [me]));
  asked[0].resolve([room("lobby", { unread: 1, head: "x" }), room("board", { private: true })]);
  await new Promise(setImmediate);
  assert.equal(unread(), "lobby 1, board 0");
});

test("a list that cannot be had leaves what there is", async () => {
  const { rooms, asked, unread } = house([room("lobby", { unread: 3 })]);
  const refreshed = rooms.refresh();
  asked[0].reject(new Error("away"));
  await refreshed;
  assert.equal(unread(), "lobby 3");
});

test("an address follows from the title", () => {
  for (const [title, address] of [["The Garden", "the-garden"], ["Küche & Straße", "kuche-strasse"], ["  ¡Hola! ", "hola"], ["日本", ""], ["x".repeat(60), "x".repeat(40)]]) {
    assert.equal(addressOf(title), address);
  }
});

test("the best match comes first", () => {
  const order = ["bob", "the bobs", "abob", "b-o-x-b"].map((title) => fit(title, "bob"));
  assert.deepEqual(order, [4, 3, 2, 1]);
  assert.equal(fit("carla", "bob"), 0);
});
