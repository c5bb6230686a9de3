import assert from "node:assert/strict";
import { test } from "node:test";
import { Store } from "../js/store.js";
import { message } from "./fake.js";

const ids = (store) => store.messages.map((m) => m.id);

function storeOf(...messages) {
  const store = new Store("lobby");
  const changes = [];
  store.onChange((change) => changes.push(change));
  for (const m of messages) store.apply(m);
  return { store, changes };
}

test("order is the order of arrival, whatever the ids look like", () => {
  const { store } = storeOf(message("900"), message("z"), message("10"));
  assert.deepEqual(ids(store), ["900", "z", "10"]);
});

test("an id seen twice, and an author's cid seen under another id, are one message", () => {
  const { store, changes } = storeOf(message("a"), message("a"), message("b", { cid: "c-a" }));
  assert.deepEqual(ids(store), ["a"]);
  assert.equal(changes.length, 1);
});

test("the same cid of two people is two messages", () => {
  const { store } = storeOf(message("a", { cid: "x" }), message("b", { cid: "x", by: { id: "p2", name: "ben" } }));
  assert.deepEqual(ids(store), ["a", "b"]);
});

test("an event of another room, or of a kind that is not known, changes nothing", () => {
  const { store, changes } = storeOf(message("a", { room: "ops" }), { kind: "member.joined", id: "b", room: "lobby" }, { kind: "news", id: "c", room: "lobby" });
  assert.deepEqual(ids(store), []);
  assert.equal(changes.length, 0);
});

test("edits apply by rev: an older or a repeated one changes nothing", () => {
  const { store, changes } = storeOf(message("a"));
  const edit = (rev, text) => store.apply({ kind: "message.edited", id: `e${rev}`, room: "lobby", message: "a", rev, text });
  edit(2, "second");
  edit(1, "first");
  edit(2, "again");
  assert.equal(store.get("a").text, "second");
  assert.equal(changes.filter((c) => c.what === "update").length, 1);
});

test("a replay brings a message as it stands now", () => {
  const { store } = storeOf(message("a"), message("a", { rev: 3, text: "now", html: "<b>now</b>" }));
  assert.equal(store.get("a").text, "now");
  assert.equal(store.get("a").html, "<b>now</b>");
});

test("deleted is for ever, and leaves no text behind", () => {
  const { store } = storeOf(message("a", { html: "<b>x</b>" }));
  store.apply({ kind: "message.deleted", id: "d", room: "lobby", message: "a" });
  store.apply({ kind: "message.edited", id: "e", room: "lobby", message: "a", rev: 9, text: "back" });
  assert.equal(store.get("a").deleted, true);
  assert.equal(store.get("a").text, undefined);
  assert.equal(store.get("a").html, undefined);
});

test("an older page goes in front, without what is already there", () => {
  const { store, changes } = storeOf(message("c"));
  store.prepend([message("a"), message("b"), message("c")], true);
  assert.deepEqual(ids(store), ["a", "b", "c"]);
  assert.equal(store.hasOlder, true);
  assert.deepEqual(changes.at(-1).messages.map((m) => m.id), ["a", "b"]);
});

test("replacing forgets ids and cids: in another epoch they mean something else", () => {
  const { store } = storeOf(message("a"), message("b"));
  store.replace([message("a", { text: "another" })], false);
  store.apply(message("b", { text: "another b" }));
  assert.deepEqual(store.messages.map((m) => m.text), ["another", "another b"]);
});

test("what was trimmed can be paged in again", () => {
  const { store } = storeOf(message("a"), message("b"), message("c"));
  store.trim("oldest", 1);
  assert.deepEqual(ids(store), ["c"]);
  assert.equal(store.hasOlder, true);
  store.prepend([message("a"), message("b")], false);
  assert.deepEqual(ids(store), ["a", "b", "c"]);
});

test("the newest can be let go as well; what somebody is writing in stays, and what is behind it", () => {
  const { store } = storeOf(...["a", "b", "c", "d", "e"].map((id) => message(id)));
  store.trim("newest", 2, (id) => id === "d");
  assert.deepEqual(ids(store), ["a", "b", "c", "d"]);
  assert.equal(store.hasNewer, true);
  store.trim("oldest", 2, (id) => id === "b");
  assert.deepEqual(ids(store), ["b", "c", "d"]);
  store.extend([message("d"), message("e")], false);
  assert.deepEqual(ids(store), ["b", "c", "d", "e"]);
  store.trim("newest", 1);
  assert.deepEqual(ids(store), ["b"]);
});
