/** What the tests hand to the modules instead of a browser: a shelf in memory, a line that can be cut, and time that is moved by hand. */

import { readFileSync } from "node:fs";
import { openShelf } from "../js/storage.js";
import { Stream } from "../js/stream.js";
import { speak } from "../js/text.js";

/** Makes the modules speak a language. @param {string} language */
export const speaks = (language) => speak(language, JSON.parse(readFileSync(new URL(`../text/${language}.json`, import.meta.url), "utf8")));
speaks("en");

/** Lets promises that are already settled run on. */
export const settle = async () => {
  for (let i = 0; i < 10; i++) await null;
};

/** A shelf over a plain object, so that a "reload" can open the same one again. */
export function shelfOver(store = {}) {
  const storage = {
    getItem: (key) => store[key] ?? null,
    setItem: (key, value) => Object.defineProperty(store, key, { value, enumerable: true, configurable: true, writable: true }),
    removeItem: (key) => delete store[key],
  };
  const shelf = openShelf(() => storage);
  shelf.keys = () => Object.keys(store);
  return shelf;
}

export const message = (id, more = {}) => ({
  kind: "message.posted", id, room: "lobby", at: "2026-11-22T08:00:00.000Z", by: { id: "p1", name: "ana" }, cid: `c-${id}`, text: `text ${id}`, ...more,
});

/** A server as the stream sees it: every dial is kept, frames are said by hand. */
export class Line {
  dials = [];
  frames = [];
  states = [];
  refusal = null;
  asked = 0;

  constructor({ random = () => 1 } = {}) {
    const dial = (kind) => (query, on) => {
      const link = { kind, query: new URLSearchParams(query), on, sent: [], closed: false, send: (c) => link.sent.push(c), close: () => { link.closed = true; } };
      this.dials.push(link);
      return link;
    };
    this.stream = new Stream({
      rooms: "lobby", cursor: "c0", epoch: "e1", overWebSocket: dial("ws"), overEvents: dial("sse"), random,
      me: async () => {
        this.asked++;
        if (this.refusal) throw this.refusal;
      },
      onFrame: (frame) => this.frames.push(frame),
      onState: (state) => this.states.push(state),
    });
  }

  get link() {
    return this.dials.at(-1);
  }

  say(...frames) {
    for (const frame of frames) this.link.on.frame(frame);
  }

  hello(more = {}) {
    this.say({ kind: "hello", protocol: 1, epoch: "e1", cursor: "c0", resumed: true, me: { id: "p1", name: "ana" }, heartbeat_s: 25, limits: {}, ...more });
  }

  live(cursor = "c0") {
    this.hello();
    this.say({ kind: "live", cursor });
  }

  /** The dial fails, and the question why is answered. */
  async fail(code = 1006) {
    this.link.on.end(code);
    await settle();
  }
}
