/** Asks for more messages when the reader comes near an end of the list; by a button where that failed. */

const AHEAD_PX = 600;

/**
 * Returns a function that makes it try again by itself, after a failure: the connection is back, or another part of the room is shown.
 * @param {{scroller: HTMLElement, row: HTMLElement, which: "Older" | "Newer", load: () => Promise<void>}} options
 *   `row` holds the button, stands at that end and is hidden when there are no more
 */
export function loadMore({ scroller, row, which, load }) {
  const button = /** @type {HTMLButtonElement} */ (row.querySelector("button"));
  const words = button.textContent;
  const watch = new IntersectionObserver(([entry]) => entry?.isIntersecting && more(), { root: scroller, rootMargin: `${AHEAD_PX}px 0px` });
  async function more() {
    watch.unobserve(row);
    button.textContent = `Loading ${which.toLowerCase()} messages…`;
    try {
      await load();
      again(); // at once while the screen is not full
    } catch {
      button.textContent = `${which} messages could not be loaded. Try again`;
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
