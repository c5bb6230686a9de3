/** Puts a text on the clipboard, also where plain http has none of its own. */

import { el } from "../dom.js";

/** @param {string} text @param {HTMLElement} near where a field can be put for a moment @returns {Promise<boolean>} */
export async function copyText(text, near) {
  try {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text);
      return true;
    }
  } catch {
    // not allowed: the old way may be
  }
  const before = document.activeElement;
  const field = el("textarea.hidden", { "aria-hidden": "true", tabindex: -1 });
  field.value = text;
  near.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  return done;
}
