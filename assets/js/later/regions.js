/** The parts of the page, from one to the other by a key: what has data-region, and in it what takes the focus. */

/** @returns {{part: Element, target: HTMLElement}[]} those that are on the screen */
function regions() {
  return [...document.querySelectorAll("[data-region]")].flatMap((part) => {
    const inner = part.getAttribute("data-region");
    const target = inner ? part.querySelector(inner) ?? part.querySelector("a, button") : part;
    return target instanceof HTMLElement && target.checkVisibility() ? [{ part, target }] : [];
  });
}

/** Goes to the next part, round and round. @param {1 | -1} step */
export function focusRegion(step) {
  const all = regions();
  const here = all.findIndex(({ part }) => part.contains(document.activeElement));
  const next = here < 0 && step < 0 ? all.length - 1 : (here + step + all.length) % all.length;
  all[next]?.target.focus({ preventScroll: true });
}
