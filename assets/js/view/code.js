/** What the server's markup of a message needs besides: a button that copies its code, and keys that scroll what is too wide. */

import { el } from "../dom.js";
import { copy } from "./copy.js";

/** @param {HTMLElement} text the element that holds the markup of a message */
export function dress(text) {
  for (const wide of text.querySelectorAll(".table, pre")) {
    wide.setAttribute("tabindex", "0");
    wide.setAttribute("role", "group");
    wide.setAttribute("aria-label", wide.matches("pre") ? "Code" : "Table");
  }
  for (const code of text.querySelectorAll(".code")) {
    if (!code.querySelector("button")) code.append(copyButton(/** @type {HTMLElement} */ (code.querySelector("code"))));
  }
}

/** @param {HTMLElement} code */
function copyButton(code) {
  const button = el("button.plain", { type: "button", onclick: async () => {
    button.textContent = await copy(code.textContent ?? "", code) ? "Copied" : "Select it to copy";
    setTimeout(() => { button.textContent = "Copy"; }, 2_000);
  } }, "Copy");
  return button;
}
