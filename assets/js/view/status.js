/** One quiet line about the connection, and who is typing. */

import { el } from "../dom.js";
import { parts, text } from "../text.js";

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
        return this.#ill(() => this.#say("warn", text(this.#trouble ? "status.reconnecting" : "status.connecting")));
      case "waiting":
        return this.#ill(() => this.#say("warn", waitingWords(state), this.#button(text("status.try_now"), this.#wake)));
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
    this.#say("warn", text("status.upgraded"), this.#button(text("status.reload"), () => location.reload()));
  }

  /** @param {string[]} names */
  typing(names) {
    const [name, other] = names.map((who) => el("bdi", {}, who)); // each in its own direction
    const words = !name ? [] : !other ? parts("typing.one", { name }) : names.length === 2 ? parts("typing.two", { name, other }) : [text("typing.many")];
    const dots = () => el("span.dots", { "aria-hidden": "true" }, el("i"), el("i"), el("i"));
    this.#typing.replaceChildren(...(name ? [dots(), ...words] : []));
  }

  #well() {
    this.#settle();
    if (this.#trouble) this.mention(text("status.connected"));
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
    const signIn = el("a", { href: this.#login }, text("status.sign_in"));
    switch (why) {
      case "signed_out":
        return [message ?? text("status.signed_out"), signIn];
      case "banned":
        return [message ?? text("error.banned")];
      case "too_old":
        return [text("status.too_old"), this.#button(text("status.reload"), () => location.reload())];
      case "broken":
        return [message ?? text("status.broken"), this.#button(text("status.reload"), () => location.reload())];
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
  if (!navigator.onLine) return text("status.offline");
  return text(why === "restart" ? "status.restart" : "status.lost");
}
