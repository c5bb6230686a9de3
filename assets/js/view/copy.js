/** Buttons that copy an address. */

import { text } from "../text.js";

/** @param {NodeListOf<HTMLElement>} buttons each with data-copy, inside the element that shows the address */
export function copyOnClick(buttons) {
  for (const button of buttons) {
    const words = button.textContent;
    button.addEventListener("click", async () => {
      const done = await copy(button.dataset["copy"] ?? "", button.parentElement?.querySelector(".address"));
      button.textContent = text(done ? "copy.done" : "copy.select");
      setTimeout(() => { button.textContent = words; }, 2_000);
    });
  }
}

/**
 * @param {string} words
 * @param {Element | null | undefined} shown where the text can be selected: plain http has no clipboard of its own
 */
export async function copy(words, shown) {
  try {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(words);
      return true;
    }
    if (shown) getSelection()?.selectAllChildren(shown);
    return document.execCommand("copy");
  } catch {
    return false;
  }
}
