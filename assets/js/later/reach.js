/** Brings what can be done with messages to a list of them: clicks on what stands with one, and the toolbar. Loaded when somebody first goes near. */

import { Toolbar } from "./toolbar.js";

export { expected } from "./expected.js";

/** @typedef {ConstructorParameters<typeof Toolbar>[0]} Options */

/**
 * @param {Options} options of the toolbar
 * @param {{writable: boolean, jump: (id: string) => boolean, open: (root: string) => void, earlier: (li: HTMLElement) => void}} on
 *   `jump` says whether it could; `earlier` shows or hides what a message said before
 * @returns {{met: (event: Event) => void, keys: () => ReturnType<Toolbar["keys"]>}} to be told of an event that came before this was loaded, and the keys that act at a message
 */
export function reach(options, { writable, jump, open, earlier }) {
  const { list, act } = options;
  const bar = writable ? new Toolbar(options) : null;

  /** @param {Event} event */
  function click(event) {
    const target = /** @type {Element} */ (event.target);
    const [quote, answers, chip] = [".quote", ".answers", ".chip"].map((part) => /** @type {HTMLElement | null} */ (target.closest(part)));
    const li = target.closest("li.message");
    if (target.closest("button.edited") && li instanceof HTMLElement) earlier(li);
    const plain = event instanceof MouseEvent && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (quote && plain && jump(quote.dataset["to"] ?? "")) event.preventDefault();
    if (answers && plain) {
      event.preventDefault();
      open(answers.dataset["thread"] ?? "");
    }
    if (chip && writable) act(chip.ariaPressed === "true" ? "unreact" : "react", chip.closest("li")?.dataset["id"] ?? "", chip.dataset["emoji"]);
  }
  list.addEventListener("click", click);
  return { met: (event) => (event.type === "click" ? click(event) : bar?.met(event)), keys: () => bar?.keys() ?? [] };
}
