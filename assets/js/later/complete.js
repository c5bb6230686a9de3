/**
 * Suggestions above the message field. The cursor stays in the field, which names the chosen one by aria-activedescendant;
 * how many there are is said once. Enter or Tab take it, Escape closes the list, and whatever is not a suggestion stays text.
 */

import { el } from "../dom.js";
import { text } from "../text.js";
import { replace } from "./marks.js";
import { begun, emojiOf, suggestions } from "./suggest.js";

/** @typedef {import("./suggest.js").Suggestion} Suggestion */

export class Completion {
  #field;
  #callable;
  #room;
  #list = el("ul.suggestions", { role: "listbox", "aria-label": text("suggestions.title"), hidden: true });
  #count = el("p.hidden", { role: "status" });
  /** @type {Suggestion[]} */
  #found = [];
  #word = "";
  #chosen = 0;
  #dismissed = -1; // where the word begins for which the list was closed

  /** @param {{form: HTMLFormElement, field: HTMLTextAreaElement, callable: () => Promise<import("./suggest.js").Callable>, room: () => import("../types.js").Room}} options */
  constructor({ form, field, callable, room }) {
    this.#field = field;
    this.#callable = callable;
    this.#room = room;
    this.#list.id = `${field.id}-suggestions`;
    form.append(this.#list, this.#count);
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-haspopup", "listbox");
    field.setAttribute("aria-controls", this.#list.id);
    field.addEventListener("blur", () => this.#close());
    form.addEventListener("submit", () => this.#close());
    this.#list.addEventListener("mousedown", (event) => event.preventDefault()); // the cursor stays
  }

  /** Looks at what stands before the cursor. */
  look() {
    const { selectionStart: caret, selectionEnd: end, value } = this.#field;
    const word = caret === end && document.activeElement === this.#field ? begun(value.slice(0, caret)) : null;
    if (word === null) {
      this.#dismissed = -1;
      return this.#close();
    }
    const whole = emojiOf(word);
    if (whole) {
      this.#close();
      return replace(this.#field, caret - word.length, caret, whole);
    }
    if (this.#dismissed === caret - word.length) return;
    this.#word = word;
    if (!word.startsWith("@")) return this.#show(suggestions(word, undefined, this.#room()));
    void this.#callable().then((callable) => {
      if (this.#word === word && begun(this.#field.value.slice(0, this.#field.selectionStart)) === word) this.#show(suggestions(word, callable));
    });
  }

  /** Whether a key was for the list. @param {KeyboardEvent} event */
  key(event) {
    if (this.#list.hidden || event.ctrlKey || event.metaKey || event.altKey) return false;
    switch (event.key) {
      case "ArrowDown":
        return this.#choose(this.#chosen + 1);
      case "ArrowUp":
        return this.#choose(this.#chosen - 1);
      case "Escape":
        this.#dismissed = this.#field.selectionStart - this.#word.length;
        this.#close();
        return true;
      case "Enter":
      case "Tab":
        if (event.shiftKey || event.key === "Enter" && this.#found[this.#chosen]?.insert === this.#word) return false; // it is all there: send it
        this.#take(this.#chosen);
        return true;
      case "ArrowLeft":
      case "ArrowRight":
      case "Home":
      case "End":
        this.#close(); // the cursor leaves the word
    }
    return false;
  }

  /** @param {Suggestion[]} found */
  #show(found) {
    if (found.length === 0) return this.#close();
    this.#found = found;
    this.#list.replaceChildren(...found.map(({ sign, label }, i) => el("li", { id: `${this.#list.id}-${i}`, role: "option", onclick: () => this.#take(i) },
      ...(sign ? [el("span", { "aria-hidden": "true" }, sign)] : []), el("bdi", {}, label))));
    this.#list.hidden = false;
    const words = text("suggestions.count", { count: found.length });
    if (this.#count.textContent !== words) this.#count.textContent = words;
    this.#choose(0);
  }

  /** @param {number} i */
  #choose(i) {
    this.#chosen = (i + this.#found.length) % this.#found.length;
    [...this.#list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === this.#chosen)));
    this.#field.setAttribute("aria-activedescendant", `${this.#list.id}-${this.#chosen}`);
    return true;
  }

  /** @param {number} i */
  #take(i) {
    const { selectionStart: caret } = this.#field;
    const insert = this.#found[i]?.insert ?? "";
    this.#close();
    replace(this.#field, caret - this.#word.length, caret, `${insert} `);
  }

  #close() {
    if (this.#list.hidden) return;
    this.#list.hidden = true;
    this.#list.replaceChildren();
    this.#count.textContent = "";
    this.#field.removeAttribute("aria-activedescendant");
  }
}
