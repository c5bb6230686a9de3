/** One quiet line about the connection, and who is typing. */

import { el } from "../dom.js";

/** @typedef {import("../types.js").StreamState} StreamState */

const BLIP_MS = 700; // a shorter interruption is nobody's business
const GOOD_NEWS_MS = 2_000;

export class Status {
  #line;
  #typing;
  #wake;
  #login;
  #trouble = false;
  #upgraded = false;
  /** what to say if the trouble lasts @type {() => void} */
  #complaint = () => {};
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #patience;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #fading;

  /**
   * @param {{line: HTMLElement, typing: HTMLElement, wake: () => void, login: string}} options
   *   `login` is where to sign in again
   */
  constructor({ line, typing, wake, login }) {
    this.#line = line;
    this.#typing = typing;
    this.#wake = wake;
    this.#login = login;
  }

  /** @param {StreamState} state */
  connection(state) {
    switch (state.name) {
      case "live":
        return this.#well();
      case "paused":
        return;
      case "connecting":
        return this.#ill(() => this.#say("warn", this.#trouble ? "Reconnecting…" : "Connecting…"));
      case "waiting":
        return this.#ill(() => this.#say("warn", waitingWords(state), this.#button("Try now", this.#wake)));
      case "stopped":
        this.#settle();
        return this.#say("bad", ...this.#stopped(state));
    }
  }

  /** Says something that passes. @param {string} words */
  mention(words) {
    this.#say("good", words);
    this.#fading = setTimeout(() => this.#clear(), GOOD_NEWS_MS);
  }

  /** Offers what the page could not do by itself. */
  newVersion() {
    this.#upgraded = true;
    this.#say("warn", "chatd was upgraded.", this.#button("Reload", () => location.reload()));
  }

  /** @param {string[]} names */
  typing(names) {
    const who = names.length > 2 ? ["Several people"] // each name in its own direction
      : names.flatMap((name, i) => [i > 0 ? " and " : "", el("bdi", {}, name)]);
    const dots = () => el("span.dots", { "aria-hidden": "true" }, el("i"), el("i"), el("i"));
    this.#typing.replaceChildren(...(names.length > 0 ? [dots(), ...who, names.length > 1 ? " are typing…" : " is typing…"] : []));
  }

  #well() {
    this.#settle();
    if (this.#trouble) this.mention("Connected again");
    else this.#clear();
    this.#trouble = false;
  }

  /** @param {() => void} say at once when the trouble is known, else only if it lasts */
  #ill(say) {
    this.#complaint = say;
    if (this.#trouble) return say();
    this.#patience ??= setTimeout(() => {
      this.#settle();
      this.#trouble = true;
      this.#complaint();
    }, BLIP_MS);
  }

  #settle() {
    clearTimeout(this.#patience);
    clearTimeout(this.#fading);
    this.#patience = undefined;
  }

  #clear() {
    if (this.#upgraded) return this.newVersion();
    delete this.#line.dataset["tone"];
    this.#line.replaceChildren();
  }

  /** @param {string} tone @param {string} words @param {...Node} more */
  #say(tone, words, ...more) {
    clearTimeout(this.#fading); // what was said before must not take this along
    if (this.#line.dataset["tone"] === tone && this.#line.firstChild?.textContent === words) return; // not announced again
    this.#line.dataset["tone"] = tone;
    this.#line.replaceChildren(el("span", {}, words), ...more);
  }

  /** @param {Extract<StreamState, {name: "stopped"}>} state @returns {[string, ...Node[]]} */
  #stopped({ why, message }) {
    const signIn = el("a", { href: this.#login }, "Sign in again");
    switch (why) {
      case "signed_out":
        return [message ?? "You are signed out.", signIn];
      case "banned":
        return [message ?? "You cannot take part here any more."];
      case "too_old":
        return ["This page is too old for the server.", this.#button("Reload", () => location.reload())];
      case "broken":
        return [message ?? "This page and the server do not understand each other.", this.#button("Reload", () => location.reload())];
    }
  }

  /** @param {string} label @param {() => void} act */
  #button(label, act) {
    return el("button", { type: "button", onclick: act }, label);
  }
}

/** @param {Extract<StreamState, {name: "waiting"}>} state */
function waitingWords({ why, message }) {
  if (why === "refused" && message) return message;
  if (!navigator.onLine) return "You are offline. What you write is kept and sent later.";
  return why === "restart" ? "The server is restarting. Back in a moment…" : "Connection lost. Reconnecting…";
}
