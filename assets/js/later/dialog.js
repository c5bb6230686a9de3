/** A dialog with a title, that takes the focus and gives it back. */

import { el } from "../dom.js";
import { text } from "../text.js";

/**
 * @param {string} title
 * @param {...Node} content
 * @returns {HTMLDialogElement} open
 */
export function openDialog(title, ...content) {
  const close = el("button.plain.dismiss", { type: "button", onclick: () => dialog.close() }, text("people.close"));
  const dialog = el("dialog.sheet", { "aria-labelledby": "dialog-title" },
    el("div.dialog-head", {}, el("h2", { id: "dialog-title" }, title), close), ...content);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  /** @type {HTMLElement | null} */ (document.querySelector("#rooms:popover-open"))?.hidePopover();
  dialog.showModal();
  return dialog;
}

/** @param {string} label @param {HTMLElement} field @param {string} [hint] */
export const labelled = (label, field, hint) => el("label.field", {}, el("span", {}, label), field, ...(hint ? [el("small", {}, hint)] : []));

/**
 * A line for what went wrong, and a way to try something that says so.
 * @returns {{line: HTMLElement, attempt: (what: () => Promise<unknown>) => Promise<boolean>}}
 */
export function trouble() {
  const line = el("p.dialog-note", { role: "alert" });
  return {
    line,
    async attempt(what) {
      line.textContent = "";
      try {
        await what();
        return true;
      } catch (error) {
        line.textContent = error instanceof Error ? error.message : String(error);
        return false;
      }
    },
  };
}
