/** Asks for older messages when the reader comes near the beginning; by a button where that failed. */

import { text } from "../text.js";

const AHEAD_PX = 600;

/**
 * Returns a function that makes it try again by itself, after a failure: the connection is back, or the room was loaded anew.
 * @param {{scroller: HTMLElement, row: HTMLElement, load: () => Promise<void>}} options
 *   `row` holds the button and is hidden when there is nothing older
 */
export function loadOlderIn({ scroller, row, load }) {
  const button = /** @type {HTMLButtonElement} */ (row.querySelector("button"));
  const words = button.textContent;
  const watch = new IntersectionObserver(([entry]) => entry?.isIntersecting && more(), { root: scroller, rootMargin: `${AHEAD_PX}px 0px` });
  async function more() {
    watch.unobserve(row);
    button.textContent = text("history.loading");
    try {
      await load();
      again(); // at once while the screen is not full
    } catch {
      button.textContent = text("history.failed");
    }
  }
  function again() {
    button.textContent = words;
    watch.unobserve(row);
    watch.observe(row);
  }
  button.addEventListener("click", more);
  watch.observe(row);
  return again;
}
