import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Outbox } from "../js/outbox.js";
import { shelfOver } from "./fake.js";

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
});

function outboxOver(kept = {}, person = "p1") {
  const sent = [];
  const states = [];
  let stuck = 0;
  const outbox = new Outbox({
    person,
    shelf: shelfOver(kept),
    send(post) {
      assert.ok(kept[`chatd.outbox.${person}.${post.cid}`], "stored before it is sent");
      sent.push(post);
    },
    changed: (item, gone) => states.push(gone ? "gone" : item.state + (item.slow ? " slow" : "")),
    stuck: () => { stuck++; },
  });
  return { outbox, sent, states, kept, stuck: () => stuck };
}

const texts = (sent) => sent.map((post) => post.text);
const last = (sent) => sent.at(-1).cid;

test("a message goes from waiting over sending to sent, and leaves the shelf", () => {
  const { outbox, sent, states, kept } = outboxOver();
  outbox.open();
  outbox.add("lobby", "hi");
  outbox.acknowledge(last(sent));
  assert.deepEqual(states, ["waiting", "sending", "sent"]);
  assert.deepEqual(kept, {});
  assert.equal(outbox.items.length, 0);
});

test("a cid is 22 characters of the protocol's alphabet, and another every time", () => {
  const { outbox } = outboxOver();
  const cids = ["a", "b", "c"].map((text) => outbox.add("lobby", text).cid);
  for (const cid of cids) assert.match(cid, /^[A-Za-z0-9_-]{22}$/);
  assert.equal(new Set(cids).size, 3);
});

test("one at a time, in the order in which they were written", () => {
  const { outbox, sent } = outboxOver();
  for (const text of ["one", "two", "three"]) outbox.add("lobby", text);
  outbox.open();
  assert.deepEqual(texts(sent), ["one"]);
  outbox.acknowledge(last(sent));
  outbox.acknowledge(last(sent));
  assert.deepEqual(texts(sent), ["one", "two", "three"]);
});

test("after a lost connection it is sent again with the same cid", () => {
  const { outbox, sent, states } = outboxOver();
  outbox.open();
  outbox.add("lobby", "hi");
  outbox.close();
  assert.equal(states.at(-1), "waiting");
  outbox.open();
  assert.equal(sent.length, 2);
  assert.equal(sent[0].cid, sent[1].cid);
});

test("it survives a reload, in order, even when the clock runs backwards", () => {
  const { outbox, kept } = outboxOver();
  outbox.add("lobby", "one");
  mock.timers.setTime(5);
  outbox.add("lobby", "two");
  const again = outboxOver(kept);
  again.outbox.open();
  again.outbox.acknowledge(last(again.sent));
  assert.deepEqual(texts(again.sent), ["one", "two"]);
});

test("another person's unsent messages are not touched", () => {
  const { outbox, kept } = outboxOver({}, "p1");
  outbox.add("lobby", "mine");
  const other = outboxOver(kept, "p2");
  other.outbox.open();
  assert.equal(other.sent.length, 0);
  assert.equal(Object.keys(kept).length, 1);
});

test("a nack that is not final waits as long as the server says, then goes on with the same cid; later ones do not overtake", () => {
  const { outbox, sent } = outboxOver();
  outbox.open();
  outbox.add("lobby", "one");
  outbox.add("lobby", "two");
  outbox.refuse({ kind: "nack", cid: last(sent), code: "rate_limited", message: "slow down", final: false, retry_after_ms: 1500 });
  mock.timers.tick(1499);
  assert.deepEqual(texts(sent), ["one"]);
  mock.timers.tick(1);
  assert.deepEqual(texts(sent), ["one", "one"]);
  assert.equal(sent[0].cid, sent[1].cid);
});

test("without a time from the server the wait doubles, up to half a minute", () => {
  const { outbox, sent } = outboxOver();
  outbox.open();
  outbox.add("lobby", "one");
  const refuse = () => outbox.refuse({ kind: "nack", cid: last(sent), code: "busy", message: "", final: false });
  for (const wait of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
    const before = sent.length;
    refuse();
    mock.timers.tick(wait - 1);
    assert.equal(sent.length, before, `not before ${wait} ms`);
    mock.timers.tick(1);
    assert.equal(sent.length, before + 1, `after ${wait} ms`);
  }
});

test("a final nack fails with its reason, keeps the text over a reload, and lets the next one go", () => {
  const { outbox, sent, kept } = outboxOver();
  outbox.open();
  outbox.add("lobby", "bad");
  outbox.add("lobby", "good");
  outbox.refuse({ kind: "nack", cid: sent[0].cid, code: "too_large", message: "Too large.", final: true });
  assert.deepEqual(texts(sent), ["bad", "good"]);
  outbox.acknowledge(sent[1].cid);
  const again = outboxOver(kept);
  again.outbox.open();
  assert.deepEqual(again.outbox.items.map((i) => [i.text, i.state, i.reason]), [["bad", "failed", "Too large."]]);
  assert.equal(again.sent.length, 0);
  again.outbox.remove(again.outbox.items[0].cid);
  assert.deepEqual(kept, {});
});

test("its event before its ack settles it, and the ack then means nothing", () => {
  const { outbox, sent, states } = outboxOver();
  outbox.open();
  outbox.add("lobby", "hi");
  outbox.acknowledge(last(sent));
  const before = states.length;
  outbox.acknowledge(last(sent));
  outbox.refuse({ kind: "nack", cid: last(sent), code: "busy", message: "", final: false });
  assert.equal(states.length, before);
});

test("after ten seconds without an ack the author is told, and the connection is looked at", () => {
  const { outbox, states, stuck } = outboxOver();
  outbox.open();
  outbox.add("lobby", "hi");
  mock.timers.tick(9_999);
  assert.equal(states.at(-1), "sending");
  mock.timers.tick(1);
  assert.equal(states.at(-1), "sending slow");
  assert.equal(stuck(), 1);
});

test("retry sends the same cid again at once", () => {
  const { outbox, sent } = outboxOver();
  outbox.open();
  outbox.add("lobby", "hi");
  outbox.retry();
  assert.equal(sent.length, 2);
  assert.equal(sent[0].cid, sent[1].cid);
});

test("what another tab settled is dropped here", () => {
  const { outbox, states } = outboxOver();
  const { cid } = outbox.add("lobby", "hi");
  outbox.settledElsewhere(`chatd.outbox.p2.${cid}`);
  assert.equal(outbox.items.length, 1);
  outbox.settledElsewhere(`chatd.outbox.p1.${cid}`);
  assert.equal(outbox.items.length, 0);
  assert.equal(states.at(-1), "gone");
});

test("a damaged value on the shelf is left alone", () => {
  const { outbox } = outboxOver({ "chatd.outbox.p1.x": "{", "chatd.outbox.p1.y": "{}", other: "1" });
  assert.equal(outbox.items.length, 0);
});
