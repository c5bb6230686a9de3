/**
 * Which thread stands beside the room. The address says so (#thread-813): going back closes it, a reload keeps it, and it can
 * be given to others. Loaded, with the style of a thread, when the first is opened.
 */

import { el } from "../dom.js";
import { Thread } from "./thread.js";

const PREFIX = "#thread-";

await new Promise((resolve, reject) => document.head.append(el("link", {
  rel: "stylesheet", href: new URL("../../css/later/thread.css", import.meta.url).href, onload: resolve, onerror: () => reject(new Error("The style of threads cannot be had.")),
})));

/** @param {Omit<import("./thread.js").Options, "hide" | "live">} options @param {boolean} live as of History */
export function threads(options, live) {
  /** @type {Thread | null} */
  let thread = null;

  function follow() {
    const root = location.hash.startsWith(PREFIX) ? location.hash.slice(PREFIX.length) : "";
    if ((thread?.root ?? "") === root) return;
    thread?.close();
    thread = root ? new Thread(root, { ...options, live, hide }) : null;
  }

  function hide() {
    if (history.state?.thread) return history.back();
    history.replaceState(history.state, "", location.pathname);
    follow();
  }

  window.addEventListener("popstate", follow);
  return {
    get open() {
      return thread;
    },
    /** Opens what the address names. */
    follow,
    /** @param {string} root */
    show(root) {
      if (thread?.root === root) return thread.focus();
      if (thread) history.replaceState(history.state, "", PREFIX + root); // one step back leads to the room
      else history.pushState({ ...history.state, thread: true }, "", PREFIX + root);
      follow();
    },
    /** Whether everything that is kept has been told. @param {boolean} now */
    live(now) {
      live = now;
      thread?.live(now);
    },
  };
}
