/** Messages of those whom one ignores: a quiet line each, which unfolds on demand. */

import { el } from "../dom.js";
import { isIgnored } from "../ignored.js";
import { text } from "../text.js";

/** Folds a message, or unfolds it, as its author is ignored now. @param {HTMLElement} li */
export function fold(li) {
  const by = /** @type {HTMLElement | null} */ (li.querySelector(".head"))?.dataset["by"] ?? "";
  const line = li.querySelector(".folded-line");
  const folded = isIgnored(by) && !("unfolded" in li.dataset);
  li.classList.toggle("folded", folded);
  if (!folded) line?.remove();
  else if (!line) li.append(el("p.folded-line", {}, text("ignored.line"), " ", el("button.plain", { type: "button" }, text("ignored.show"))));
}

/** Brings the messages in the page up to whom one ignores now. @param {HTMLElement} list */
export function refreshFolds(list) {
  for (const li of /** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll(".message"))) fold(li);
}

/** @param {HTMLElement} list */
export function unfoldOnClick(list) {
  list.addEventListener("click", ({ target }) => {
    const li = target instanceof Element && target.closest(".folded-line button")?.closest("li");
    if (!(li instanceof HTMLElement)) return;
    li.dataset["unfolded"] = "";
    fold(li);
    li.tabIndex = -1;
    li.focus({ preventScroll: true });
  });
}
