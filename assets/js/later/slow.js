/** A slow room: the pace, and the time that remains until one's next message. What is written earlier waits in the outbox. */

import { el } from "../dom.js";
import { locale, text } from "../text.js";

/**
 * @typedef {import("../types.js").Frame} Frame
 * @typedef {import("../types.js").Room} Room
 */

const UNITS = /** @type {const} */ ([["hour", 3600], ["minute", 60], ["second", 1]]);

/** "30 seconds", in the largest unit that leaves no rest. @param {number} seconds */
export function duration(seconds) {
  const [unit, size] = UNITS.find(([, each]) => seconds % each === 0) ?? ["second", 1];
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(seconds / size);
}

/** @param {{me: string, line: HTMLElement, room: () => Room, now?: () => number}} options `line` is where it is said */
export function openSlow({ me, line, room, now = Date.now }) {
  const words = el("p.slow", {});
  line.append(words);
  let until = 0;
  let waiting = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let next;

  function show() {
    clearTimeout(next);
    const { slow_s: pace = 0, may = [] } = room();
    const left = Math.ceil((until - now()) / 1000);
    if (pace === 0 || may.includes("slow")) until = 0; // who makes it slow is not held up by it
    else if (left > 0) next = setTimeout(show, until - now() - (left - 1) * 1000);
    words.textContent = pace === 0 || may.includes("slow") ? "" : left > 0
      ? text(waiting ? "slow.waiting" : "slow.wait", { time: duration(left) }) : text("slow.pace", { time: duration(pace) });
  }

  return {
    show,
    /** @param {Frame} frame */
    take(frame) {
      const { room: name, slow_s: pace = 0 } = room();
      if (pace === 0) return;
      if (frame.kind === "message.posted" && frame.room === name && frame.by.id === me) {
        waiting = false;
        until = now() + pace * 1000;
      } else if (frame.kind === "nack" && frame.code === "rate_limited" && frame.retry_after_ms) {
        waiting = true;
        until = now() + frame.retry_after_ms;
      } else {
        return;
      }
      show();
    },
  };
}
