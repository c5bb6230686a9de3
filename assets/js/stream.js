/**
 * Keeps one stream to the server open: finds out when it is dead, comes back by itself, and resumes where it was. Over a
 * WebSocket; over server-sent events when WebSockets do not get through. Knows no DOM and nothing about messages.
 *
 * The cursor moves only after a frame was handed on, so a frame is seen again rather than missed.
 */

import { newCid } from "./ids.js";

/**
 * @typedef {import("./types.js").Frame} Frame
 * @typedef {import("./types.js").Hello} Hello
 * @typedef {import("./types.js").Command} Command
 * @typedef {import("./types.js").StreamState} StreamState
 * @typedef {import("./transport.js").Dial} Dial
 * @typedef {{status: number, code: string, message: string, retryAfterMs?: number}} Refusal
 */

const HELLO_MS = 10_000; // from dialling to hello
const SILENCE_MS = 40_000; // heartbeats come every 25 s
const PONG_MS = 4_000; // after a wake
const BACKOFF_MS = 30_000;
const STABLE_MS = 60_000; // after which an overloaded server is taken to be well again
const WEBSOCKET_AGAIN_MS = 5 * 60_000;
const WEBSOCKET_TRIES = 3;
const PRESSED = new Set([1013, 4008, 4013]); // overload, too slow, flood: back off further than last time
const BROKEN = new Set([1002, 1003, 1007, 1009]); // what we sent was not understood

export class Stream {
  cursor;
  epoch;

  #o;
  /** counts connections: whatever belongs to an earlier one is ignored */
  #turn = 0;
  /** @type {import("./transport.js").Link | null} */
  #link = null;
  /** @type {Hello | null} */
  #hello = null;
  /** @type {StreamState} */
  #state = { name: "connecting" };
  #dialledAt = 0;
  #tries = 0; // failures in a row: the k of the backoff
  #triesBefore = 0; // what #tries was before the last success
  #broken = 0;
  #webSocketFailures = 0;
  #events = false; // whether server-sent events carry it now
  #visible = true;
  #draining = false;
  #ping = "";
  /** @type {Record<string, ReturnType<typeof setTimeout> | undefined>} */
  #timers = {};

  /**
   * @param {{cursor: string, epoch: string, overWebSocket: Dial, overEvents: Dial,
   *   me: () => Promise<unknown>, random?: () => number,
   *   onFrame: (frame: Frame) => void, onState: (state: StreamState) => void}} options
   *   `me` asks the server who one is and rejects with a Refusal: a browser cannot see why its upgrade failed
   */
  constructor(options) {
    this.#o = { random: Math.random, ...options };
    this.cursor = options.cursor;
    this.epoch = options.epoch;
  }

  get state() {
    return this.#state;
  }

  open() {
    this.#leave();
    this.#cancel("retry");
    this.#draining = false;
    if (this.#events && !this.#visible) {
      this.#say({ name: "paused" }); // HTTP/1.1 has six connections a host: hidden tabs must not hold them
      return;
    }
    const turn = this.#turn;
    const mine = (/** @type {() => void} */ act) => turn === this.#turn && act();
    this.#say({ name: "connecting" });
    this.#dialledAt = Date.now();
    this.#after("silence", HELLO_MS, () => this.#ended(0));
    const query = new URLSearchParams({ after: this.cursor, epoch: this.epoch });
    try {
      this.#link = (this.#events ? this.#o.overEvents : this.#o.overWebSocket)(`${query}`, {
        frame: (frame) => mine(() => this.#frame(frame)),
        end: (code) => mine(() => this.#ended(code)),
      });
    } catch {
      this.#ended(0);
    }
  }

  /** Sends when live, and says whether it did; what must not be lost is the outbox's business. @param {Command} command */
  send(command) {
    if (this.#state.name === "live") this.#link?.send(command);
    return this.#state.name === "live";
  }

  /**
   * The person or the machine is back: connect at once, or find out whether the connection still lives. An open socket proves
   * nothing after sleep.
   * @param {boolean} [asked] the person asked for it
   */
  wake(asked = false) {
    if (this.#state.name === "stopped" || (this.#draining && !asked)) return;
    if (!this.#link || (this.#events && this.#hello)) {
      this.open(); // server-sent events cannot be asked whether they live
    } else if (!this.#hello) {
      if (asked || Date.now() - this.#dialledAt > PONG_MS) this.open();
    } else if (!this.#ping) {
      this.#ping = newCid();
      this.#link.send({ do: "ping", cid: this.#ping });
      this.#after("pong", PONG_MS, () => this.open());
    }
  }

  /** @param {boolean} visible */
  setVisible(visible) {
    this.#visible = visible;
    if (this.#events && !visible && this.#link) this.open();
    if (visible && this.#state.name === "paused") this.open();
  }

  /** @param {Extract<StreamState, {name: "stopped"}>["why"]} why @param {string} [message] */
  stop(why, message) {
    this.#leave();
    this.#cancel("retry");
    this.#cancel("webSocket");
    this.#say({ name: "stopped", why, message });
  }

  /** @param {Frame} frame */
  #frame(frame) {
    this.#after("silence", Math.max(SILENCE_MS, (this.#hello?.heartbeat_s ?? 0) * 1600), () => this.#ended(0));
    switch (frame.kind) {
      case "hello":
        if (frame.protocol !== 1) return this.stop("too_old");
        this.#hello = frame;
        if (!this.#events) this.#webSocketFailures = 0;
        break;
      case "live":
        this.#triesBefore = Math.max(this.#triesBefore, this.#tries);
        this.#tries = 0;
        this.#after("stable", STABLE_MS, () => { this.#triesBefore = this.#broken = 0; });
        this.#say({ name: "live" });
        break;
      case "drain":
        this.#draining = true;
        this.#after("retry", frame.in_ms, () => this.open());
        break;
      case "ack":
        if (frame.cid === this.#ping) {
          this.#ping = "";
          this.#cancel("pong");
        }
        break;
    }
    const turn = this.#turn;
    this.#o.onFrame(frame);
    if (turn === this.#turn) this.#advance(frame);
  }

  /** @param {Frame} frame */
  #advance(frame) {
    if (frame.kind === "ack" || frame.kind === "nack" || frame.kind === "hello") return; // hello: a reset may still follow
    if (frame.kind === "reset" && this.#hello) this.epoch = this.#hello.epoch;
    if ("cursor" in frame) this.cursor = frame.cursor;
    else if ("id" in frame) this.cursor = frame.id;
  }

  /** @param {number} code the close code, 0 where there is none */
  #ended(code) {
    const greeted = this.#hello !== null;
    if (code >= 4500 && code < 4600) {
      return this.stop(code === 4503 ? "banned" : code === 4506 ? "too_old" : "signed_out");
    }
    this.#leave();
    if (this.#draining) return this.#say({ name: "waiting", why: "restart" }); // comes back when it was told to
    if (BROKEN.has(code) && ++this.#broken >= 3) return this.stop("broken");
    if (PRESSED.has(code)) this.#tries = Math.max(this.#tries, this.#triesBefore + 1);
    this.#say({ name: "waiting", why: "lost" });
    if (greeted) this.#retry(0);
    else this.#ask();
  }

  /** Finds out why there was no hello. */
  async #ask() {
    const turn = this.#turn;
    /** @type {Refusal | null} */
    const refusal = await this.#o.me().then(() => null, (error) => error);
    if (turn !== this.#turn) return;
    if (refusal === null) {
      if (!this.#events && ++this.#webSocketFailures >= WEBSOCKET_TRIES) return this.#fallBack();
      this.#retry(0);
    } else if (refusal.status === 401) {
      this.stop("signed_out");
    } else if (refusal.status === 403) {
      this.stop(refusal.code === "banned" ? "banned" : "signed_out", refusal.message);
    } else if (refusal.status === 429) {
      this.#say({ name: "waiting", why: "refused", message: refusal.message });
      this.#after("retry", refusal.retryAfterMs ?? 5_000, () => this.open());
    } else {
      this.#retry(refusal.retryAfterMs ?? 0);
    }
  }

  #fallBack() {
    this.#events = true;
    this.#after("webSocket", WEBSOCKET_AGAIN_MS, () => {
      this.#events = false;
      this.#webSocketFailures = WEBSOCKET_TRIES - 1; // one try, then server-sent events again
      this.open();
    });
    this.open();
  }

  /** Full jitter, so that a thousand clients do not come back in one second. @param {number} atLeastMs */
  #retry(atLeastMs) {
    const delay = this.#o.random() * Math.min(BACKOFF_MS, 1_000 * 2 ** this.#tries++);
    this.#after("retry", Math.max(delay, atLeastMs), () => this.open());
  }

  /** Forgets the connection; when to come back is another matter. */
  #leave() {
    this.#turn++;
    this.#link?.close();
    this.#link = null;
    this.#hello = null;
    this.#ping = "";
    for (const timer of ["silence", "pong", "stable"]) this.#cancel(timer);
  }

  /** @param {StreamState} state */
  #say(state) {
    this.#state = state;
    this.#o.onState(state);
  }

  /** @param {string} timer @param {number} ms @param {() => void} act */
  #after(timer, ms, act) {
    this.#cancel(timer);
    this.#timers[timer] = setTimeout(act, ms);
  }

  /** @param {string} timer */
  #cancel(timer) {
    clearTimeout(this.#timers[timer]);
    this.#timers[timer] = undefined;
  }
}
