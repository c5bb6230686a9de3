/** Asks for more messages when the reader comes near an end of the list; by a button where that failed. */

const AHEAD_PX = 600;

/**
 * Returns a function that makes it try again by itself, after a failure: the connection is back, or another part of the room is shown.
 * @param {{scroller: HTMLElement, row: HTMLElement, loading: string, failed: string, load: () => Promise<void>}} options
 *   `row` holds the button, stands at that end and is hidden when there are no more; `loading` and `failed` are what the button says then
 */
export function loadMore({ scroller, row, loading, failed, load }) {
  const button = /** @type {HTMLButtonElement} */ (row.querySelector("button"));
  const words = button.textContent;
  const watch = new IntersectionObserver(([entry]) => entry?.isIntersecting && more(), { root: scroller, rootMargin: `${AHEAD_PX}px 0px` });
  async function more() {
    watch.unobserve(row);
    button.textContent = loading;
    try {
      await load();
      again(); // at once while the screen is not full
    } catch {
      button.textContent = failed;
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
