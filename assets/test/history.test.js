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
  const history = new History(store, (place) => new Promise((resolve, reject) => asked.push({ ...place, resolve, reject })));
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
  const done = history.reload(true);
  history.take(message("n2"));
  history.take(message("n3"));
  assert.deepEqual(ids(), ["old"]);
  asked[0].resolve(page("n1", "n2"));
  assert.equal(await done, true);
  assert.deepEqual(ids(), ["n1", "n2", "n3"]);
});

test("the newest page is asked for until it comes, at once when the connection is back", async () => {
  const { history, asked, ids } = historyOf("old");
  history.reload(true);
  asked[0].reject(new Error("down"));
  await settle();
  mock.timers.tick(1_000);
  await settle();
  assert.equal(asked.length, 2);
  asked[1].reject(new Error("down"));
  await settle();
  history.live(true);
  await settle();
  assert.equal(asked.length, 3);
  asked[2].resolve(page("n1"));
  await settle();
  assert.deepEqual(ids(), ["n1"]);
});

test("a second reset takes over from the first", async () => {
  const { history, asked, ids } = historyOf("old");
  const first = history.reload(true);
  history.take(message("of-the-first-epoch"));
  history.reload(true);
  asked[1].resolve(page("n1"));
  asked[0].resolve(page("stale"));
  assert.equal(await first, false);
  assert.deepEqual(ids(), ["n1"]);
});

test("an older page that comes after a reset is not mixed in", async () => {
  const { history, asked, ids } = historyOf("m5");
  const older = history.older();
  history.reload(true);
  asked[1].resolve(page("n1"));
  await settle();
  asked[0].resolve(page("m4"));
  await older;
  assert.deepEqual(ids(), ["n1"]);
});

const part = (ids, has_newer) => ({ ...page(...ids), has_newer });

test("behind the window nothing is taken in, and a page that reaches the end brings what was told meanwhile", async () => {
  const { store, history, asked, ids } = historyOf("m1");
  history.live(true);
  store.replace([message("m1")], true, true);
  const missed = [];
  store.onChange((change) => change.what === "missed" && missed.push(change.message.id));
  history.take(message("m4"));
  assert.deepEqual([ids(), missed], [["m1"], ["m4"]]);
  const first = history.newer();
  assert.equal(asked[0].after, "m1");
  asked[0].resolve(part(["m2"], true));
  await first;
  const last = history.newer();
  history.take(message("m5"));
  history.take({ kind: "message.edited", id: "6", room: "lobby", message: "m3", rev: 2, text: "better" });
  asked[1].resolve(part(["m3", "m4"], false));
  await last;
  assert.deepEqual(ids(), ["m1", "m2", "m3", "m4", "m5"]);
  assert.equal(store.get("m3").text, "better");
  history.take(message("m7"));
  assert.equal(ids().at(-1), "m7");
});

test("an edit that comes while an older page is on its way is not lost", async () => {
  const { store, history, asked } = historyOf("m5");
  const older = history.older();
  history.take({ kind: "message.edited", id: "6", room: "lobby", message: "m4", rev: 2, text: "better" });
  asked[0].resolve(page("m4"));
  await older;
  assert.equal(store.get("m4").text, "better");
});

test("what was had while the connection was lost does not end the room: what is told again afterwards is older", async () => {
  const { store, history, asked, ids } = historyOf("m1");
  history.live(true);
  const newest = history.reload();
  history.live(false);
  history.live(true);
  asked[0].resolve(part(["m8", "m9"], false));
  await newest;
  history.take(message("m2"));
  assert.deepEqual(ids(), ["m8", "m9"]);
  assert.equal(store.hasNewer, true);
  const newer = history.newer();
  asked[1].resolve(part([], false));
  await newer;
  assert.equal(store.hasNewer, false);
});

test("the messages around one take the place of all; when they cannot be had nothing is lost", async () => {
  const { store, history, asked, ids } = historyOf("m90");
  history.live(true);
  const failed = history.around("m5");
  history.take(message("m91"));
  asked[0].reject(new Error("no"));
  await assert.rejects(failed, /no/);
  assert.deepEqual(ids(), ["m90", "m91"]);
  const done = history.around("m5");
  assert.equal(asked[1].around, "m5");
  asked[1].resolve(part(["m4", "m5", "m6"], true));
  assert.equal(await done, true);
  assert.deepEqual([ids(), store.hasOlder, store.hasNewer], [["m4", "m5", "m6"], true, true]);
});
