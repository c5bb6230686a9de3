import assert from "node:assert/strict";
import { test } from "node:test";
import { Answering } from "../js/answering.js";
import { History } from "../js/history.js";
import { Outbox } from "../js/outbox.js";
import { Store } from "../js/store.js";
import { message, shelfOver } from "./fake.js";

/** Chance that repeats (mulberry32). */
function dice(seed) {
  return (n) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

const PEOPLE = ["ana", "bob", "cat"].map((name, i) => ({ id: `p${i}`, name }));
const EMOJI = ["👍", "🎉", "👀"];

/** A server as far as a room's messages go: every event it sends, and what a page says now. */
class Room {
  messages = [];
  events = [];
  #n = 0;
  /** of answers @type {Map<string, string>} */
  #roots = new Map();

  /** One thing that somebody does. */
  step(roll) {
    const id = String(++this.#n);
    const by = PEOPLE[roll(3)];
    const target = this.messages[roll(this.messages.length || 1)];
    const event = (kind, more) => this.events.push(structuredClone({ kind, id, room: "lobby", at: `t${id}`, by, ...more }));
    const what = roll(10);
    if (!target || what < 3) {
      const post = message(id, { by, cid: `c${id}`, at: `t${id}`, text: `text ${id}` });
      if (target && what === 0) post.reply = this.#quote(target);
      this.messages.push(post);
      if (post.reply) {
        this.#roots.set(id, this.#roots.get(target.id) ?? target.id);
        this.#rethread(id);
      }
      return this.events.push(structuredClone(post));
    }
    if (target.deleted) return;
    if (what < 5) {
      Object.assign(target, { text: `edit ${id} ${"ä😀".repeat(roll(200))}`, rev: (target.rev ?? 1) + 1, edited_at: `t${id}` });
      this.#requote(target);
      return event("message.edited", { message: target.id, rev: target.rev, edited_at: target.edited_at, text: target.text });
    }
    if (what === 5) {
      for (const name of ["text", "rev", "edited_at", "pinned", "reactions", "reply"]) delete target[name];
      target.deleted = true;
      this.#requote(target);
      const thread = this.#rethread(target.id);
      return event("message.deleted", { message: target.id, ...(thread && { thread }) });
    }
    if (what === 6) {
      if (target.pinned) delete target.pinned;
      else target.pinned = true;
      return event(target.pinned ? "message.pinned" : "message.unpinned", { message: target.id });
    }
    const emoji = EMOJI[roll(3)];
    const list = target.reactions ?? [];
    let one = list.find((r) => r.emoji === emoji);
    if (!one) list.push(one = { emoji, count: 0, by: [] });
    const on = !one.by.some((p) => p.id === by.id);
    one.by = on ? [...one.by, by] : one.by.filter((p) => p.id !== by.id);
    one.count = one.by.length;
    target.reactions = list.filter((r) => r.count > 0);
    if (target.reactions.length === 0) delete target.reactions;
    event(on ? "reaction.added" : "reaction.removed", { message: target.id, reaction: { ...one } });
  }

  page() {
    return structuredClone(this.messages);
  }

  #quote({ id, by, text, deleted }) {
    return deleted ? { id, deleted: true } : { id, by, text: [...text].slice(0, 200).join("") };
  }

  /** Counts the thread of an answer anew, and says how it stands. */
  #rethread(answer) {
    const root = this.#roots.get(answer);
    if (!root) return undefined;
    const answers = this.messages.filter((m) => this.#roots.get(m.id) === root);
    const standing = answers.filter((m) => !m.deleted);
    const thread = { root, answers: standing.length, ...(standing.length > 0 && { last_at: standing.at(-1).at }) };
    for (const m of answers) m.thread = { ...thread };
    const first = this.messages.find((m) => m.id === root);
    if (standing.length > 0) first.thread = { ...thread };
    else delete first.thread;
    return thread;
  }

  #requote(target) {
    for (const m of this.messages) if (m.reply?.id === target.id) m.reply = this.#quote(target);
  }
}

test("a page and the events after it are the same as a fresh page, whatever was done, and whatever is told twice", () => {
  for (let seed = 0; seed < 300; seed++) {
    const roll = dice(seed);
    const room = new Room();
    for (let i = 0; i < 10 + roll(30); i++) room.step(roll);
    const store = new Store("lobby");
    store.replace(room.page(), false);
    // events that wait while a page is on its way are told although they are in it: then all that follow are told, too
    const from = Math.max(0, room.events.length - roll(8));
    for (let i = 0; i < 40; i++) room.step(roll);
    for (const event of room.events.slice(from)) store.apply(structuredClone(event));
    const fresh = new Store("lobby");
    fresh.replace(room.page(), false);
    assert.deepEqual(store.messages, fresh.messages, `seed ${seed}`);
  }
});

test("wherever one scrolls meanwhile, what is in the page is what a fresh page would say of it, without a hole", async () => {
  for (let seed = 0; seed < 150; seed++) {
    const roll = dice(seed);
    const room = new Room();
    for (let i = 0; i < 40; i++) room.step(roll);
    let told = room.events.length;
    const store = new Store("lobby");
    /** A page of five as it is when it is asked for; meanwhile things happen, and some of them are told. */
    const load = async ({ before, after, around }) => {
      const all = room.page();
      const at = (id) => all.findIndex((m) => m.id === id);
      const from = Math.max(0, before ? at(before) - 5 : after ? at(after) + 1 : around ? at(around) - 2 : all.length - 5);
      const to = before ? at(before) : from + 5;
      for (let i = 0; i < roll(6); i++) room.step(roll);
      await null;
      tell(roll(6));
      return { messages: all.slice(from, to), has_older: from > 0, has_newer: to < all.length, cursor: "", epoch: "" };
    };
    const history = new History(store, load);
    const tell = (n) => { for (; n > 0 && told < room.events.length; n--) history.take(structuredClone(room.events[told++])); };
    history.live(true);
    store.replace(room.page().slice(-5), true);
    for (let i = 0; i < 30; i++) {
      for (let n = roll(4); n > 0; n--) room.step(roll);
      tell(roll(5));
      const what = roll(6);
      if (what === 0) await history.older();
      else if (what === 1) await history.newer().catch(() => {});
      else if (what === 2) await history.around(room.messages[roll(room.messages.length)].id);
      else if (what === 3) store.trim(roll(2) ? "oldest" : "newest", 4);
      else if (what === 4) tell(Infinity);
    }
    tell(Infinity);
    const fresh = room.page();
    const from = fresh.findIndex((m) => m.id === store.messages[0].id);
    const to = store.hasNewer ? from + store.messages.length : fresh.length;
    assert.deepEqual(store.messages, fresh.slice(from, to), `seed ${seed}`);
    assert.equal(store.hasOlder, from > 0, `seed ${seed}`);
  }
});

test("an edit in the outbox goes out as one, in its turn, and again after a reload", () => {
  const kept = {};
  const sent = [];
  const open = () => new Outbox({ person: "p1", shelf: shelfOver(kept), send: (command) => sent.push(command) });
  const outbox = open();
  outbox.add("lobby", "hi", { reply: { id: "7", text: "hello" } });
  outbox.add("lobby", "better", { message: "3" });
  open().open();
  assert.deepEqual({ ...sent[0], cid: "" }, { do: "post", cid: "", room: "lobby", text: "hi", reply: "7" });
  outbox.acknowledge(sent[0].cid);
  open().open();
  assert.deepEqual({ ...sent[1], cid: "" }, { do: "edit", cid: "", room: "lobby", message: "3", text: "better" });
});

test("what is being answered is kept with the draft, and is gone once it is sent", () => {
  const shelf = shelfOver();
  const shown = [];
  const open = (person = "p1") => new Answering(shelf, person, "lobby", (quote) => shown.push(quote?.id));
  open().begin({ id: "7", text: "hello" });
  assert.equal(open("p2").quote, undefined);
  const again = open();
  assert.equal(again.quote.id, "7");
  assert.equal(again.end().id, "7");
  assert.equal(open().quote, undefined);
  assert.deepEqual(shown, ["7", undefined]);
});
