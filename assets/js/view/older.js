/** Asks for older messages when the reader comes near the beginning; by a button where that failed. */

const AHEAD_PX = 600;

/**
 * @param {{scroller: HTMLElement, row: HTMLElement, load: () => Promise<void>}} options
 *   `row` holds the button and is hidden when there is nothing older
 */
export function loadOlderIn({ scroller, row, load }) {
  const button = /** @type {HTMLButtonElement} */ (row.querySelector("button"));
  const words = button.textContent;
  const watch = new IntersectionObserver(([entry]) => entry?.isIntersecting && fetch(), { root: scroller, rootMargin: `${AHEAD_PX}px 0px` });
  async function fetch() {
    watch.unobserve(row);
    button.textContent = "Loading older messages…";
    try {
      await load();
      button.textContent = words;
      watch.observe(row); // again at once while the screen is not full
    } catch {
      button.textContent = "Older messages could not be loaded. Try again";
    }
  }
  button.addEventListener("click", fetch);
  watch.observe(row);
}
