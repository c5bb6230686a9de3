import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Line, message } from "./fake.js";

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
});

function opened(options) {
  const line = new Line(options);
  line.stream.open();
  return line;
}

test("resumes from the last kept id or frame cursor that it was sent, never from an ack", () => {
  const line = opened();
  assert.deepEqual(Object.fromEntries(line.link.query), { after: "c0", epoch: "e1" });
  line.live("c1");
  line.say(message("c2"), { kind: "ack", cid: "x", id: "c9" }, { kind: "typing", room: "lobby", by: {} });
  assert.equal(line.stream.cursor, "c2");
  line.say({ kind: "heartbeat", cursor: "c3" });
  assert.equal(line.stream.cursor, "c3");
  line.say({ kind: "member.joined", id: "c4" });
  line.link.on.end(1006);
  mock.timers.tick(1_000);
  assert.equal(line.link.query.get("after"), "c4");
});

test("a connection lost between hello and reset is asked again with the old cursor and epoch", () => {
  const line = opened();
  line.hello({ resumed: false, cursor: "n5", epoch: "e2" });
  line.link.on.end(1006);
  mock.timers.tick(1_000);
  assert.equal(line.link.query.get("after"), "c0");
  assert.equal(line.link.query.get("epoch"), "e1");
  line.hello({ resumed: false, cursor: "n5", epoch: "e2" });
  line.say({ kind: "reset", cursor: "n5" });
  assert.equal(line.stream.cursor, "n5");
  assert.equal(line.stream.epoch, "e2");
});

test("comes back after random(0, min(30 s, 1 s·2^k))", async () => {
  const line = opened({ random: () => 1 });
  line.refusal = { status: 0 };
  for (const wait of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
    await line.fail();
    const before = line.dials.length;
    mock.timers.tick(wait - 1);
    assert.equal(line.dials.length, before, `not before ${wait} ms`);
    mock.timers.tick(1);
    assert.equal(line.dials.length, before + 1, `after ${wait} ms`);
  }
  line.live();
  line.link.on.end(1006);
  const before = line.dials.length;
  mock.timers.tick(1_000);
  assert.equal(line.dials.length, before + 1, "from the beginning after it was live");
});

test("an overloaded server is given more time than before", async () => {
  const line = opened();
  line.refusal = { status: 503 };
  for (const wait of [1_000, 2_000]) {
    await line.fail();
    mock.timers.tick(wait);
  }
  line.live();
  line.link.on.end(1013);
  const before = line.dials.length;
  mock.timers.tick(7_999);
  assert.equal(line.dials.length, before);
  mock.timers.tick(1);
  assert.equal(line.dials.length, before + 1);
});

test("40 s without a frame: dropped and dialled again", () => {
  const line = opened();
  line.live();
  mock.timers.tick(39_999);
  line.say({ kind: "heartbeat", cursor: "c1" });
  mock.timers.tick(39_999);
  assert.equal(line.link.closed, false);
  mock.timers.tick(1);
  assert.equal(line.dials[0].closed, true);
  mock.timers.tick(1_000);
  assert.equal(line.dials.length, 2);
});

test("no hello within ten seconds is a failure", async () => {
  const line = opened();
  mock.timers.tick(10_000);
  assert.equal(line.link.closed, true);
  assert.equal(line.asked, 1);
});

test("on waking an open connection must answer a ping within four seconds", () => {
  const line = opened();
  line.live();
  line.stream.wake();
  const ping = line.link.sent[0];
  assert.equal(ping.do, "ping");
  line.say({ kind: "ack", cid: ping.cid });
  mock.timers.tick(4_000);
  assert.equal(line.dials.length, 1, "it answered");
  line.stream.wake();
  line.say({ kind: "heartbeat", cursor: "c1" });
  mock.timers.tick(4_000);
  assert.equal(line.dials.length, 2, "it did not");
});

test("on waking or a click a waiting stream dials at once", async () => {
  const line = opened();
  line.refusal = { status: 0 };
  await line.fail();
  line.stream.wake();
  assert.equal(line.dials.length, 2);
});

test("after drain it comes back exactly when it was told to, whenever the connection closed", () => {
  const line = opened({ random: () => 0 });
  line.live();
  line.say({ kind: "drain", in_ms: 1800 });
  mock.timers.tick(500);
  line.link.on.end(1012);
  line.stream.wake();
  mock.timers.tick(1_299);
  assert.equal(line.dials.length, 1);
  mock.timers.tick(1);
  assert.equal(line.dials.length, 2);
  assert.deepEqual(line.states.at(-2), { name: "waiting", why: "restart" });
});

for (const [code, why] of [[4500, "signed_out"], [4503, "banned"], [4506, "too_old"], [4599, "signed_out"]]) {
  test(`close code ${code} is the end, and says ${why}`, () => {
    const line = opened();
    line.live();
    line.link.on.end(code);
    line.stream.wake(true);
    mock.timers.tick(600_000);
    assert.equal(line.dials.length, 1);
    assert.deepEqual(line.stream.state.why, why);
  });
}

for (const code of [1000, 1001, 1006, 1012, 1013, 4008, 4013]) {
  test(`close code ${code} comes back`, () => {
    const line = opened();
    line.live();
    line.link.on.end(code);
    mock.timers.tick(30_000);
    assert.equal(line.dials.length, 2);
  });
}

test("a frame that the server cannot read three times over is said, not repeated for ever", () => {
  const line = opened();
  for (let i = 0; i < 3; i++) {
    line.live();
    line.link.on.end(1009);
    mock.timers.tick(5_000);
  }
  assert.equal(line.stream.state.why, "broken");
});

test("401 and 403 end it, 429 waits as told and counts for nothing", async () => {
  const line = opened();
  line.refusal = { status: 429, code: "rate_limited", message: "Too many.", retryAfterMs: 7_000 };
  for (let i = 0; i < 5; i++) {
    await line.fail();
    mock.timers.tick(6_999);
    assert.equal(line.dials.length, i + 1);
    mock.timers.tick(1);
    assert.equal(line.link.kind, "ws");
  }
  line.refusal = { status: 401, code: "unauthorized", message: "" };
  await line.fail();
  assert.equal(line.stream.state.why, "signed_out");
  const banned = opened();
  banned.refusal = { status: 403, code: "banned", message: "Banned." };
  await banned.fail();
  assert.deepEqual(banned.stream.state, { name: "stopped", why: "banned", message: "Banned." });
});

async function fallenBack() {
  const line = opened({ random: () => 0 });
  for (let i = 0; i < 3; i++) {
    await line.fail();
    mock.timers.tick(0);
  }
  assert.equal(line.link.kind, "sse");
  return line;
}

test("three failed WebSockets while the server answers: server-sent events; back after five minutes", async () => {
  const line = await fallenBack();
  assert.equal(line.dials.filter((d) => d.kind === "ws").length, 3);
  line.live("c5");
  mock.timers.tick(20_000);
  const keep = setIntervalByHand(line);
  keep(5 * 60_000);
  assert.equal(line.link.kind, "ws");
  assert.equal(line.link.query.get("after"), "c6");
  await line.fail();
  assert.equal(line.link.kind, "sse", "one failure is enough the next time");
});

/** Heartbeats while time passes. */
const setIntervalByHand = (line) => (ms) => {
  for (let t = 0; t < ms; t += 20_000) {
    if (line.link.kind === "sse") line.say({ kind: "heartbeat", cursor: "c6" });
    mock.timers.tick(20_000);
  }
};

test("failures while the server does not answer at all count nothing against WebSockets", async () => {
  const line = opened({ random: () => 0 });
  line.refusal = { status: 0 };
  for (let i = 0; i < 6; i++) {
    await line.fail();
    mock.timers.tick(0);
  }
  assert.equal(line.link.kind, "ws");
});

test("server-sent events only while the page is seen", async () => {
  const line = await fallenBack();
  line.live();
  line.stream.setVisible(false);
  assert.equal(line.link.closed, true);
  assert.equal(line.stream.state.name, "paused");
  mock.timers.tick(60_000);
  const before = line.dials.length;
  line.stream.setVisible(true);
  assert.equal(line.dials.length, before + 1);
  assert.equal(line.link.kind, "sse");
});

test("a page opened behind another one never begins with server-sent events", async () => {
  const line = new Line({ random: () => 0 });
  line.stream.setVisible(false);
  line.stream.open();
  for (let i = 0; i < 3; i++) {
    await line.fail();
    mock.timers.tick(0);
  }
  assert.equal(line.stream.state.name, "paused");
  assert.equal(line.link.kind, "ws");
});

test("on waking server-sent events, which cannot be asked whether they live, are opened anew", async () => {
  const line = await fallenBack();
  line.stream.wake();
  const before = line.dials.length;
  line.live("c5");
  line.stream.wake();
  assert.equal(line.dials.length, before + 1);
  assert.equal(line.link.kind, "sse");
  assert.equal(line.link.query.get("after"), "c5");
});

test("a WebSocket stays open while the page is hidden", () => {
  const line = opened();
  line.live();
  line.stream.setVisible(false);
  assert.equal(line.link.closed, false);
});

test("frames and ends of an earlier connection are ignored", async () => {
  const line = opened();
  line.live();
  const old = line.link;
  line.link.on.end(1006);
  mock.timers.tick(1_000);
  const frames = line.frames.length;
  old.on.frame(message("late"));
  old.on.end(4500);
  assert.equal(line.frames.length, frames);
  assert.equal(line.stream.state.name, "connecting");
});

test("nothing is sent before live", () => {
  const line = opened();
  line.hello();
  line.stream.send({ do: "typing", cid: "t", room: "lobby" });
  assert.equal(line.link.sent.length, 0);
  line.say({ kind: "live", cursor: "c1" });
  line.stream.send({ do: "typing", cid: "t", room: "lobby" });
  assert.equal(line.link.sent.length, 1);
});
