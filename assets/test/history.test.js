import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { History } from "../js/history.js";
import { Store } from "../js/store.js";
import { message, settle } from "./fake.js";

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

const page = (...ids) => ({ messages: ids.map((id) => message(id)), has_older: true, cursor: ids.at(-1), epoch: "e" });

/** A server that answers when it is told to. */
function historyOf(...ids) {
  const store = new Store("lobby");
  store.replace(ids.map((id) => message(id)), true);
  const asked = [];
  const history = new History(store, (before) => new Promise((resolve, reject) => asked.push({ before, resolve, reject })));
  return { store, history, asked, ids: () => store.messages.map((m) => m.id) };
}

test("older messages are asked for once at a time, before the oldest one known", async () => {
  const { history, asked, ids } = historyOf("m5", "m6");
  const both = Promise.all([history.older(), history.older()]);
  assert.deepEqual(asked.map((a) => a.before), ["m5"]);
  asked[0].resolve(page("m3", "m4"));
  await both;
  assert.deepEqual(ids(), ["m3", "m4", "m5", "m6"]);
});

test("a page that could not be had rejects, and can be asked for again", async () => {
  const { history, asked } = historyOf("m5");
  const first = history.older();
  asked[0].reject(new Error("no"));
  await assert.rejects(first, /no/);
  history.older();
  assert.equal(asked.length, 2);
});

test("events that arrive while the newest page is on its way come after it, once", async () => {
  const { history, asked, ids } = historyOf("old");
  const done = history.reload();
  history.take(message("n2"));
  history.take(message("n3"));
  assert.deepEqual(ids(), ["old"]);
  asked[0].resolve(page("n1", "n2"));
  assert.equal(await done, true);
  assert.deepEqual(ids(), ["n1", "n2", "n3"]);
});

test("the newest page is asked for until it comes, at once when the connection is back", async () => {
  const { history, asked, ids } = historyOf("old");
  history.reload();
  asked[0].reject(new Error("down"));
  await settle();
  mock.timers.tick(1_000);
  await settle();
  assert.equal(asked.length, 2);
  asked[1].reject(new Error("down"));
  await settle();
  history.hurry();
  await settle();
  assert.equal(asked.length, 3);
  asked[2].resolve(page("n1"));
  await settle();
  assert.deepEqual(ids(), ["n1"]);
});

test("a second reset takes over from the first", async () => {
  const { history, asked, ids } = historyOf("old");
  const first = history.reload();
  history.take(message("of-the-first-epoch"));
  history.reload();
  asked[1].resolve(page("n1"));
  asked[0].resolve(page("stale"));
  assert.equal(await first, false);
  assert.deepEqual(ids(), ["n1"]);
});

test("an older page that comes after a reset is not mixed in", async () => {
  const { history, asked, ids } = historyOf("m5");
  const older = history.older();
  history.reload();
  asked[1].resolve(page("n1"));
  await settle();
  asked[0].resolve(page("m4"));
  await older;
  assert.deepEqual(ids(), ["n1"]);
});
