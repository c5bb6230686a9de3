import assert from "node:assert/strict";
import { test } from "node:test";
import { expected } from "../js/later/expected.js";
import { Outbox } from "../js/outbox.js";
import { message, shelfOver } from "./fake.js";

const [ana, bob] = [{ id: "p1", name: "ana" }, { id: "p2", name: "bob" }];
const item = (what, more = {}) => ({ cid: "c", room: "lobby", text: "", do: what, message: "7", at: 1, state: "waiting", slow: false, ...more });

test("what is done with a message is shown before the server has it, in its order, and the message is left as it is", () => {
  const m = message("7", { reactions: [{ emoji: "👍", count: 1, by: [bob] }] });
  const before = structuredClone(m);
  const now = expected(m, [item("react", { emoji: "👍" }), item("react", { emoji: "🎉", state: "sending" }), item("pin"), item("react", { emoji: "👀", message: "8" })], ana);
  assert.deepEqual(now.reactions, [{ emoji: "👍", count: 2, by: [bob, ana], waiting: true }, { emoji: "🎉", count: 1, by: [ana], waiting: false }]);
  assert.deepEqual([now.pinned, now.waits], [true, { pin: true }]);
  assert.equal(expected(m, [item("react", { emoji: "🎉" }), item("unreact", { emoji: "🎉" })], ana).reactions.length, 1);
  assert.equal(expected(m, [item("unreact", { emoji: "🎉" })], ana).reactions.length, 1);
  assert.deepEqual(expected(m, [item("delete")], ana).waits, { delete: true });
  assert.deepEqual(m, before);
});

test("what is done with messages goes through the outbox in its turn, over a reload, and is given up when it is refused", () => {
  const kept = {};
  const sent = [];
  const heard = [];
  const open = () => new Outbox({ person: "p1", shelf: shelfOver(kept), send: (command) => sent.push(command), changed: (one, gone) => heard.push([one.do, one.state, gone, one.reason]) });
  const outbox = open();
  outbox.add("lobby", "hi");
  outbox.add("lobby", "", { do: "react", message: "3", emoji: "👍" });
  outbox.add("lobby", "", { do: "delete", message: "4" });
  const again = open();
  again.open();
  again.acknowledge(sent[0].cid);
  assert.deepEqual({ ...sent[1], cid: "" }, { do: "react", cid: "", room: "lobby", message: "3", emoji: "👍" });
  again.refuse({ kind: "nack", cid: sent[1].cid, code: "not_found", message: "This message was deleted.", final: true });
  assert.deepEqual(heard.find(([, , gone]) => gone), ["react", "failed", true, "This message was deleted."]);
  assert.deepEqual({ ...sent[2], cid: "" }, { do: "delete", cid: "", room: "lobby", message: "4" });
  again.acknowledge(sent[2].cid);
  assert.deepEqual(kept, {});
});
