/**
 * Messages, and what is done with messages, that nobody has acknowledged yet. Each is stored before it is first sent, sent one at a time in the order in which
 * it was written, and again with the same cid until it is acknowledged or seen: for the server they are one message, however
 * often and from however many tabs it comes. No DOM, no network.
 */

import { newCid } from "./ids.js";

/**
 * @typedef {import("./types.js").OutboxItem} OutboxItem
 * @typedef {import("./types.js").Nack} Nack
 * @typedef {import("./types.js").Post | import("./types.js").Edit | import("./types.js").Act} Post
 * @typedef {import("./types.js").Shelf} Shelf
 */

const SLOW_MS = 10_000; // then the author is told
const RETRY_MS = 1_000; // doubled up to RETRY_MAX_MS, where the server does not say how long
const RETRY_MAX_MS = 30_000;

export class Outbox {
  #shelf;
  #prefix;
  #send;
  #changed;
  /** in the order in which they were written @type {OutboxItem[]} */
  #items = [];
  #open = false;
  /** the cid that was sent and not answered @type {string | null} */
  #inFlight = null;
  #refusals = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #pause = undefined;

  /**
   * @param {{person: string, shelf: Shelf, send: (post: Post) => void,
   *   changed?: (item: OutboxItem, gone: boolean) => void, stuck?: () => void}} options
   *   `changed` hears of every new state of an item; `stuck` when one was not acknowledged for ten seconds
   */
  constructor({ person, shelf, send, changed = () => {}, stuck = () => {} }) {
    this.#shelf = shelf;
    this.#prefix = `chatd.outbox.${person}.`;
    this.#send = send;
    this.#changed = (/** @type {OutboxItem} */ item, gone = false) => changed(item, gone);
    this.stuck = stuck;
    for (const key of shelf.keys()) this.#restore(key);
    this.#items.sort((a, b) => a.at - b.at);
  }

  /** @returns {readonly OutboxItem[]} */
  get items() {
    return this.#items;
  }

  /** @param {string} cid */
  get(cid) {
    return this.#items.find((item) => item.cid === cid);
  }

  /**
   * @param {string} room
   * @param {string} text
   * @param {{do?: OutboxItem["do"], message?: string, emoji?: string, reply?: OutboxItem["reply"]}} [about] an edit of `message`, or what else is done with it, or an answer to `reply`
   */
  add(room, text, { message, emoji, reply, do: what = message ? "edit" : "post" } = {}) {
    // never earlier than the one before, whatever the clock does: the order must survive a reload
    const at = Math.max(Date.now(), (this.#items.at(-1)?.at ?? 0) + 1);
    /** @type {OutboxItem} */
    const item = { cid: newCid(), do: what, room, text, message, emoji, reply, at, state: "waiting", slow: false };
    this.#items.push(item);
    this.#keep(item);
    this.#watch(item, SLOW_MS);
    this.#changed(item);
    this.#pump();
    return item;
  }

  /** The stream is live: everything that waits goes out. */
  open() {
    this.#open = true;
    this.#refusals = 0;
    this.#resume();
  }

  /** The stream is gone: what was on its way waits again. */
  close() {
    this.#open = false;
    const item = this.#inFlight && this.get(this.#inFlight);
    this.#inFlight = null;
    if (item) this.#become(item, "waiting");
  }

  /** The server has it: by its ack, or because its event arrived. @param {string} cid */
  acknowledge(cid) {
    const item = this.get(cid);
    if (!item) return;
    this.#refusals = 0;
    this.#drop(item);
    item.state = "sent";
    item.slow = false;
    this.#changed(item);
    this.#resume();
  }

  /** @param {Nack} nack */
  refuse(nack) {
    const item = nack.cid && this.get(nack.cid);
    if (!item) return;
    if (this.#inFlight === item.cid) this.#inFlight = null;
    if (nack.final && item.do !== "post" && item.do !== "edit") { // there are no words to be saved
      item.reason = nack.message;
      item.state = "failed";
      this.remove(item.cid);
      return;
    }
    if (nack.final) {
      item.reason = nack.message;
      item.slow = false;
      this.#become(item, "failed");
      this.#keep(item);
      this.#pump();
      return;
    }
    item.reason = nack.message;
    this.#become(item, "waiting");
    const wait = nack.retry_after_ms ?? Math.min(RETRY_MAX_MS, RETRY_MS * 2 ** this.#refusals);
    this.#refusals++;
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.#resume(), wait);
  }

  /** The author does not want to wait. */
  retry() {
    this.#inFlight = null; // sent again with the same cid: harmless
    this.#resume();
  }

  /** Gives up a message, or takes it back into the composer. @param {string} cid */
  remove(cid) {
    const item = this.get(cid);
    if (!item) return;
    this.#drop(item);
    this.#changed(item, true);
    this.#resume();
  }

  /** Gives up everything: the person signs out. */
  clear() {
    for (const item of [...this.#items]) this.remove(item.cid);
  }

  /** Another tab settled a message. @param {string | null} key of the shelf, whose value is gone */
  settledElsewhere(key) {
    const item = key?.startsWith(this.#prefix) && this.get(key.slice(this.#prefix.length));
    if (item && item.cid !== this.#inFlight) this.remove(item.cid);
  }

  #resume() {
    clearTimeout(this.#pause);
    this.#pause = undefined;
    this.#pump();
  }

  #pump() {
    if (!this.#open || this.#inFlight || this.#pause) return;
    const item = this.#items.find(({ state }) => state !== "failed");
    if (!item) return;
    this.#inFlight = item.cid;
    item.reason = undefined;
    this.#become(item, "sending");
    this.#send(commandOf(item));
  }

  /** @param {OutboxItem} item */
  #drop(item) {
    this.#items.splice(this.#items.indexOf(item), 1);
    this.#shelf.removeItem(this.#prefix + item.cid);
    if (this.#inFlight === item.cid) this.#inFlight = null;
  }

  /** @param {OutboxItem} item @param {OutboxItem["state"]} state */
  #become(item, state) {
    item.state = state;
    this.#changed(item);
  }

  /** @param {OutboxItem} item @param {number} ms */
  #watch(item, ms) {
    setTimeout(() => {
      if (!this.#items.includes(item) || item.state === "failed") return;
      item.slow = true;
      this.#changed(item);
      this.stuck();
    }, ms);
  }

  /** @param {OutboxItem} item */
  #keep({ cid, do: what, room, text, message, emoji, reply, at, state, reason }) {
    const failed = state === "failed" ? { failed: reason } : {};
    this.#shelf.setItem(this.#prefix + cid, JSON.stringify({ do: what, room, text, message, emoji, reply, at, ...failed }));
  }

  /** @param {string} key */
  #restore(key) {
    if (!key.startsWith(this.#prefix)) return;
    try {
      const { room, text, message, emoji, reply, at, failed, do: what = message ? "edit" : "post" } = JSON.parse(this.#shelf.getItem(key) ?? "");
      if (typeof room !== "string" || typeof text !== "string" || typeof at !== "number") return;
      /** @type {OutboxItem} */
      const item = { cid: key.slice(this.#prefix.length), do: what, room, text, message, emoji, reply, at, state: failed ? "failed" : "waiting", reason: failed, slow: false };
      this.#items.push(item);
      this.#watch(item, Math.max(0, item.at + SLOW_MS - Date.now()));
    } catch {
      // not ours to understand: left alone
    }
  }
}

/** @param {OutboxItem} item @returns {Post} */
function commandOf({ do: what, cid, room, text, message = "", emoji, reply }) {
  if (what === "post") return { do: what, cid, room, text, ...(reply && { reply: reply.id }) };
  if (what === "edit") return { do: what, cid, room, message, text };
  return { do: what, cid, room, message, ...(emoji && { emoji }) };
}
