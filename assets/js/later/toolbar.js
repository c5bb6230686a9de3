/**
 * The actions of the message that the pointer or the keyboard is at. The arrow keys go from message to message, and each
 * action has a key of its own; a finger that rests on a message opens the menu.
 */

import { el } from "../dom.js";
import { moderates } from "../standing.js";
import { text } from "../text.js";
import { copyText } from "./copy-text.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";

/** @typedef {import("../types.js").Message} Message */

/** What else keys do at a message than what is in its menu. @type {{keys: string[], says: import("../text.js").Key, does: string}[]} */
const KEYS = [
  { keys: ["ArrowUp"], says: "keys.message_before", does: "before" },
  { keys: ["ArrowDown"], says: "keys.message_after", does: "after" },
  { keys: ["Home"], says: "keys.message_first", does: "first" },
  { keys: ["End"], says: "keys.message_last", does: "last" },
  { keys: ["+", ":"], says: "keys.react", does: "react" },
  { keys: ["m", "Enter"], says: "keys.menu", does: "menu" },
];

const PRESS_MS = 450;
const SHAKE_PX = 10;

export class Toolbar {
  #o;
  #bar;
  /** where the bar is @type {HTMLElement | null} */
  #at = null;
  /** closes what is open @type {(() => void) | null} */
  #close = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #press;
  #pressedAt = { x: 0, y: 0 };
  #moving = false;

  /**
   * @param {{list: HTMLElement, scroller: HTMLElement, field: HTMLElement | null, me: string,
   *   message: (id: string) => Message | undefined,
   *   act: (what: "delete" | "react" | "unreact" | "pin" | "unpin" | "unread", id: string, emoji?: string) => void,
   *   answer?: (message: Message) => void, thread?: (message: Message) => void, edit: (message: Message) => void,
   *   say: (words: string) => void, link: (id: string) => string}} options
   */
  constructor(options) {
    this.#o = options;
    const button = (/** @type {"react" | "answer" | "edit" | "more"} */ name, /** @type {string} */ label, /** @type {(m: Message) => void} */ act) => {
      const b = el("button", { type: "button", "aria-label": label, title: label, "aria-haspopup": name === "more" ? "menu" : false, onclick: () => this.#do(act) });
      b.dataset["what"] = name;
      b.append(icon(name));
      return b;
    };
    this.#bar = el("div.bar", { role: "toolbar", "aria-label": text("message.actions"), "aria-live": "off" },
      button("react", text("message.react"), () => this.#menu("react")), button("answer", text("message.reply"), (m) => options.answer?.(m)),
      button("edit", text("message.editing"), (m) => options.edit(m)), button("more", text("message.more"), () => this.#menu("all")));
    this.#bar.addEventListener("keydown", (event) => this.#barKey(event));
    const { scroller, list } = options;
    scroller.addEventListener("pointerover", (event) => event.pointerType !== "touch" && this.#meet(event.target));
    list.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && this.#leave());
    scroller.addEventListener("focusin", (event) => this.#meet(event.target));
    scroller.addEventListener("focusout", (event) => !scroller.contains(/** @type {Node | null} */ (event.relatedTarget)) && this.#leave());
    scroller.addEventListener("keydown", (event) => this.#key(event));
    scroller.addEventListener("pointerdown", (event) => this.#down(event));
    scroller.addEventListener("pointermove", (event) => {
      if (Math.hypot(event.clientX - this.#pressedAt.x, event.clientY - this.#pressedAt.y) > SHAKE_PX) clearTimeout(this.#press);
    });
    // what opened under the finger keeps the focus, and is not clicked when the finger leaves
    scroller.addEventListener("touchend", (event) => {
      if (this.#close && event.cancelable && !(event.target instanceof Element && event.target.closest(".menu-box"))) event.preventDefault();
    });
    for (const kind of ["pointerup", "pointercancel"]) scroller.addEventListener(kind, () => clearTimeout(this.#press));
  }

  /** The event that somebody came with before this was loaded. @param {Event} event */
  met(event) {
    if (event instanceof KeyboardEvent) this.#key(event);
    else if (event instanceof PointerEvent && event.type === "pointerdown") this.#down(event);
    else this.#meet(event.target);
  }

  /** @param {EventTarget | null} target */
  #meet(target) {
    const li = target instanceof Element ? target.closest("li.message") : null;
    if (this.#close || !(li instanceof HTMLElement) || li === this.#at) return;
    const message = this.#o.message(li.dataset["id"] ?? "");
    if (!message || message.deleted) return this.#hide();
    const hide = { answer: !this.#o.answer, edit: message.by.id !== this.#o.me };
    for (const [what, hidden] of Object.entries(hide)) /** @type {HTMLElement} */ (this.#bar.querySelector(`[data-what=${what}]`)).hidden = hidden;
    this.#move(li);
  }

  /** A button that has the focus loses it on the way, which must not lead here again. @param {HTMLElement | null} li */
  #move(li) {
    if (this.#moving) return;
    this.#moving = true;
    this.#at = li;
    if (li) li.append(this.#bar);
    else this.#bar.remove();
    this.#moving = false;
  }

  #leave() {
    if (!this.#close && !this.#at?.contains(document.activeElement)) this.#hide();
  }

  #hide() {
    this.#move(null);
  }

  /** @param {(message: Message) => void} act */
  #do(act) {
    const message = this.#o.message(this.#at?.dataset["id"] ?? "");
    if (message && !message.deleted) act(message);
  }

  /** @param {"all" | "react"} what @param {string} [first] the label of the item to begin with */
  #menu(what, first) {
    const li = this.#at;
    const message = this.#o.message(li?.dataset["id"] ?? "");
    if (!li || !message || message.deleted) return;
    this.#close?.();
    const opener = document.activeElement;
    li.classList.add("has-menu");
    this.#close = openMenu(li, {
      items: what === "all" ? this.#items(message, li) : [],
      react: (emoji) => this.#o.act("react", message.id, emoji),
      first,
      closed: () => {
        this.#close = null;
        li.classList.remove("has-menu");
        if (document.activeElement !== document.body && !li.contains(document.activeElement)) return;
        if (opener instanceof HTMLElement && opener.isConnected && opener !== document.body) opener.focus({ preventScroll: true });
        else focus(li);
      },
    });
  }

  /** @param {Message} message @param {HTMLElement} li @returns {import("./menu.js").Item[]} */
  #items(message, li) {
    const { answer, thread, edit, act } = this.#o;
    const mine = message.by.id === this.#o.me;
    const copy = (/** @type {string} */ copied) => void copyText(copied, li).then((done) => this.#o.say(text(done ? "message.copied" : "message.copy_not")));
    return [
      ...(answer ? [{ label: text("message.reply"), key: "R", act: () => answer(message) }] : []),
      ...(thread ? [{ label: text("thread.title"), key: "T", act: () => thread(message) }] : []),
      ...(mine ? [{ label: text("message.edit"), key: "E", act: () => edit(message) }] : []),
      message.pinned ? { label: text("message.unpin"), key: "P", act: () => act("unpin", message.id) } : { label: text("message.pin"), key: "P", act: () => act("pin", message.id) },
      { label: text("message.mark_unread"), key: "U", act: () => act("unread", message.id) },
      { label: text("message.copy_text"), key: "C", act: () => copy(message.text ?? "") },
      { label: text("message.copy_link"), key: "L", act: () => copy(this.#o.link(message.id)) },
      ...(mine ? [] : [{ label: text("people.about", { name: message.by.name }), act: () => void /** @type {HTMLElement} */ (li.querySelector(".head .name")).click() },
        { label: text("report.title"), act: () => void import("./report.js").then(({ reportMessage }) => reportMessage(message, this.#o.say)) }]),
      ...(mine || moderates(this.#o.me) ? [{ label: text("message.delete"), key: "Delete", danger: true, act: () => this.#sure(message) }] : []),
    ];
  }

  /** The item asks once more. @param {Message} message */
  #sure(message) {
    const item = /** @type {HTMLElement} */ (this.#at?.querySelector(".item.danger"));
    const words = /** @type {HTMLElement} */ (item.firstElementChild);
    if (item.classList.contains("sure")) {
      this.#o.act("delete", message.id);
      return false;
    }
    item.classList.add("sure");
    words.textContent = text("message.delete_sure");
    return true;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const target = event.target;
    if (!(target instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.altKey) return;
    const { scroller, list } = this.#o;
    const all = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("li.message[data-id]")]);
    if (target === scroller) {
      if (event.key !== "ArrowUp" || all.length === 0) return;
      event.preventDefault();
      return focus(/** @type {HTMLElement} */ (all.at(-1)));
    }
    if (!target.matches("li.message")) return;
    const i = all.indexOf(target);
    const does = KEYS.find(({ keys }) => keys.includes(event.key.length > 1 ? event.key : event.key.toLowerCase()))?.does ?? "";
    const goal = { before: all[i - 1] ?? target, after: all[i + 1], first: all[0], last: all.at(-1) }[does];
    if (goal) focus(goal);
    else if (event.key === "ArrowDown" || event.key === "Escape") (this.#o.field ?? scroller).focus();
    else if (!this.#letter(does, event.key.toLowerCase())) return;
    event.preventDefault();
  }

  /** The keys that act at a message, in words. @returns {import("../types.js").KeyEntry[]} */
  keys() {
    const own = /** @type {Message} */ ({ by: { id: this.#o.me } });
    return [...KEYS.map(({ keys, says }) => ({ keys, label: text(says) })),
      ...this.#items(own, this.#o.list).flatMap(({ key, label }) => (key ? [{ keys: [key.length > 1 ? key : key.toLowerCase()], label }] : []))];
  }

  /** @param {string} does of KEYS @param {string} key @returns {boolean} whether it means something */
  #letter(does, key) {
    const message = this.#o.message(this.#at?.dataset["id"] ?? "");
    if (!message || message.deleted || !this.#at) return false;
    if (does === "react") this.#menu("react");
    else if (does === "menu") this.#menu("all");
    else if (key === "delete" || key === "backspace") this.#menu("all", text("message.delete"));
    else {
      const item = this.#items(message, this.#at).find((one) => one.key?.toLowerCase() === key);
      if (!item) return false;
      item.act();
    }
    return true;
  }

  /** @param {KeyboardEvent} event in the toolbar: its arrows go from button to button */
  #barKey(event) {
    const buttons = [...this.#bar.querySelectorAll("button")].filter((b) => !b.hidden);
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const i = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    if (step) buttons[(i + step + buttons.length) % buttons.length]?.focus({ preventScroll: true });
    else if (event.key === "Escape" && this.#at) focus(this.#at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {PointerEvent} event */
  #down(event) {
    clearTimeout(this.#press);
    if (event.pointerType !== "touch" || this.#close) return;
    const target = event.target;
    if (!(target instanceof Element) || target.closest("a, button, input, textarea")) return;
    this.#pressedAt = { x: event.clientX, y: event.clientY };
    this.#meet(target);
    this.#press = setTimeout(() => {
      if (this.#at?.contains(target)) this.#menu("all");
    }, PRESS_MS);
  }
}

/** @param {HTMLElement} li */
function focus(li) {
  li.tabIndex = -1;
  li.focus({ preventScroll: true });
  li.scrollIntoView({ block: "nearest" });
}
