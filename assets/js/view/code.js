/** What the server's markup of a message needs besides: a button that copies its code, and keys that scroll what is too wide. */

import { el } from "../dom.js";
import { text } from "../text.js";
import { copy } from "./copy.js";

/** @param {HTMLElement} message the element that holds the markup of a message */
export function dress(message) {
  for (const wide of message.querySelectorAll(".table, pre")) {
    wide.setAttribute("tabindex", "0");
    wide.setAttribute("role", "group");
    wide.setAttribute("aria-label", text(wide.matches("pre") ? "message.code" : "message.table"));
  }
  for (const code of message.querySelectorAll(".code")) {
    if (!code.querySelector("button")) code.append(copyButton(/** @type {HTMLElement} */ (code.querySelector("code"))));
  }
}

/** @param {HTMLElement} code */
function copyButton(code) {
  const button = el("button.plain", { type: "button", onclick: async () => {
    button.textContent = await copy(code.textContent ?? "", code) ? text("copy.done") : text("copy.select");
    setTimeout(() => { button.textContent = text("copy.copy"); }, 2_000);
  } }, text("copy.copy"));
  return button;
}
