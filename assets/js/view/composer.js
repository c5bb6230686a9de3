/** Where messages are written. Enter sends, Shift+Enter begins a new line; grows with its text. */

import { text } from "../text.js";

/** @typedef {import("../draft.js").Draft} Draft */

const FRAME_BYTES = 64 * 1024; // the largest frame of the protocol
const SAVE_MS = 300;
const MAX_ROWS = 12;

export class Composer {
  #form;
  #field;
  #note;
  #draft;
  #limit;
  #send;
  #typed;
  #typedAt = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #saving;

  /**
   * @param {{form: HTMLFormElement, field: HTMLTextAreaElement, note: HTMLElement, draft: Draft, limitBytes: number,
   *   send: (text: string) => void, typed: () => void}} options
   */
  constructor({ form, field, note, draft, limitBytes, send, typed }) {
    this.#form = form;
    this.#field = field;
    this.#note = note;
    this.#draft = draft;
    this.#limit = limitBytes;
    this.#send = send;
    this.#typed = typed;
    // what was typed before this script ran stays
    if (!field.value) field.value = draft.load();
    this.#changed();
    form.addEventListener("submit", (event) => this.#submit(event));
    field.addEventListener("keydown", (event) => this.#key(event));
    field.addEventListener("input", () => this.#input());
    window.addEventListener("pagehide", () => this.save());
    document.addEventListener("visibilitychange", () => this.save());
    // tapping the button must not close the keyboard
    form.querySelector("button")?.addEventListener("mousedown", (event) => event.preventDefault());
    if (matchMedia("(hover: hover) and (pointer: fine)").matches) this.focus();
  }

  focus() {
    this.#field.focus({ preventScroll: true });
  }

  /** Puts a text back to be edited, before whatever is being written. @param {string} text nothing is changed by "" */
  takeBack(text) {
    if (!text) return;
    this.#field.value = this.#field.value ? `${text}\n${this.#field.value}` : text;
    this.#field.setSelectionRange(text.length, text.length);
    this.#changed();
    this.save();
    this.focus();
  }

  save() {
    clearTimeout(this.#saving);
    this.#saving = undefined;
    this.#draft.save(this.#field.value);
  }

  clear() {
    this.#field.value = "";
    this.#changed();
    this.save();
  }

  get text() {
    return this.#field.value;
  }

  /** Whether somebody is in the middle of a word. */
  get busy() {
    return Date.now() - this.#typedAt < 3_000;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // 229: Safari ends a composition before the Enter that chose the word
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.#form.requestSubmit();
  }

  #input() {
    this.#typedAt = Date.now();
    this.#changed();
    this.#saving ??= setTimeout(() => this.save(), SAVE_MS);
    if (this.#field.value.trim()) this.#typed();
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    // half a surrogate pair or a NUL, pasted from somewhere: no text could carry them
    const words = this.#field.value.replaceAll("\0", "").toWellFormed();
    if (!words.trim() || this.#tooLong(words)) return;
    this.#send(words);
    this.clear();
    this.#typedAt = -Infinity;
  }

  #changed() {
    this.#say(this.#tooLong(this.#field.value));
    if (!CSS.supports("field-sizing", "content")) this.#grow();
  }

  /** What to say about words that the server would not take; empty if it would. @param {string} words */
  #tooLong(words) {
    if (words.length * 6 < this.#limit) return "";
    const over = byteLength(words) - this.#limit;
    if (over > 0) {
      return text("composer.too_long", { count: over, limit: this.#limit / 1024 });
    }
    return byteLength(JSON.stringify(words)) + 1024 > FRAME_BYTES ? text("composer.too_strange") : "";
  }

  /** @param {string} words */
  #say(words) {
    if (this.#note.textContent !== words) this.#note.textContent = words;
    this.#field.ariaInvalid = String(words !== "");
  }

  /** For browsers without field-sizing: as many rows as there are lines. */
  #grow() {
    const field = this.#field;
    field.rows = 1;
    const line = parseFloat(getComputedStyle(field).lineHeight) || 24;
    const padding = field.clientHeight - line;
    field.rows = Math.max(1, Math.min(MAX_ROWS, Math.round((field.scrollHeight - padding) / line)));
  }
}

/** @param {string} text */
const byteLength = (text) => new TextEncoder().encode(text).length;
