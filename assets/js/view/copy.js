/** Buttons that copy an address. */

/** @param {NodeListOf<HTMLElement>} buttons each with data-copy, inside the element that shows the address */
export function copyOnClick(buttons) {
  for (const button of buttons) {
    const words = button.textContent;
    button.addEventListener("click", async () => {
      const done = await copy(button.dataset["copy"] ?? "", button.parentElement?.querySelector(".address"));
      button.textContent = done ? "Copied" : "Select it to copy";
      setTimeout(() => { button.textContent = words; }, 2_000);
    });
  }
}

/**
 * @param {string} text
 * @param {Element | null | undefined} shown where the text can be selected: plain http has no clipboard of its own
 */
export async function copy(text, shown) {
  try {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text);
      return true;
    }
    if (shown) getSelection()?.selectAllChildren(shown);
    return document.execCommand("copy");
  } catch {
    return false;
  }
}
