/** A message's text as a field in its place. Enter saves, Escape cancels. */

import { el } from "../dom.js";
import { text } from "../text.js";

/**
 * @param {HTMLElement} li
 * @param {string} before the message's text
 * @param {{save: (text: string) => void, say: (words: string) => void, done: () => void}} on
 */
export function openEditor(li, before, { save, say, done }) {
  const open = li.querySelector(".editor textarea");
  if (open instanceof HTMLElement) return open.focus();
  const shown = /** @type {HTMLElement} */ (li.querySelector(".text"));
  const field = el("textarea", { rows: Math.min(12, before.split("\n").length), dir: "auto", "aria-label": text("message.editing"), enterkeyhint: "done" });
  field.value = before;
  const form = el("form.editor", { "aria-live": "off", onsubmit: submit }, field,
    el("div.buttons", {}, el("button.primary", { type: "submit" }, text("form.save")), el("button.plain", { type: "button", onclick: close }, text("form.cancel")),
      el("span", {}, text("message.edit_keys"))));

  function close() {
    form.remove();
    shown.hidden = false;
    li.classList.remove("is-edited");
    done();
  }

  /** @param {Event} event */
  function submit(event) {
    event.preventDefault();
    const changed = field.value.replaceAll("\0", "").toWellFormed();
    if (!changed.trim()) return say(text("message.edit_empty"));
    close();
    save(changed);
  }

  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  shown.hidden = true;
  li.classList.add("is-edited");
  shown.after(form);
  field.focus({ preventScroll: true });
  field.setSelectionRange(before.length, before.length);
  form.scrollIntoView({ block: "nearest" });
}
