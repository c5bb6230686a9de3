/**
 * The scrolling list of messages. It is laid out from its end, so scrollTop is 0 at the bottom and negative above: there the
 * browser keeps it at the bottom by itself, whatever grows.
 */

const NEAR_PX = 48; // still counts as being at the bottom

export class Scroll {
  #scroller;
  #list;
  #owed = 0; // by how much of a pixel the last change could not be made good
  #owedAt = NaN; // the scrollTop for which that holds
  /** The list does not end with the newest message: its end is no bottom to stay at. */
  cut = false;

  /**
   * @param {HTMLElement} scroller
   * @param {HTMLElement} list whose children are the messages
   * @param {(atBottom: boolean, far: boolean) => void} moved `far`: more than a screen above the bottom
   */
  constructor(scroller, list, moved) {
    this.#scroller = scroller;
    this.#list = list;
    scroller.addEventListener("scroll", () => moved(this.atBottom, this.far), { passive: true });
  }

  get atBottom() {
    return !this.cut && -this.#scroller.scrollTop < NEAR_PX;
  }

  /** Whether it is more than a screen above the end. */
  get far() {
    return -this.#scroller.scrollTop > this.#scroller.clientHeight;
  }

  /** Whether the beginning is nearer than the end. */
  get nearBeginning() {
    return -this.#scroller.scrollTop > (this.#scroller.scrollHeight - this.#scroller.clientHeight) / 2;
  }

  toBottom() {
    this.#scroller.scrollTop = 0;
  }

  /** Shows a message with some of what was before it, unless all from there on is on the screen at the bottom. @param {HTMLElement} li */
  toBeginning(li) {
    this.toBottom();
    const { top, height } = this.#scroller.getBoundingClientRect();
    this.#scroller.scrollTop += Math.min(0, li.getBoundingClientRect().top - top - height / 4);
  }

  /** The last message of which enough can be seen to have read it, and the first that can be seen, with where it is. */
  get shown() {
    const { top, bottom } = this.#scroller.getBoundingClientRect();
    const first = this.#firstInView();
    let last = first;
    for (let li = /** @type {Element | null} */ (first); li && li.getBoundingClientRect().top < bottom; li = li.nextElementSibling) {
      const at = li.getBoundingClientRect();
      if (isMessage(li) && (at.bottom <= bottom + 1 || at.top < (top + bottom) / 2)) last = li;
    }
    return first && last && { first, top: first.getBoundingClientRect().top - top, last };
  }

  /** Puts a message where it was. @param {HTMLElement} li @param {number} to how far below the top of the list */
  place(li, to) {
    this.#scroller.scrollTop += li.getBoundingClientRect().top - this.#scroller.getBoundingClientRect().top - to;
  }

  /**
   * Makes a change to the list. At the bottom it stays there; elsewhere what is being read stays where it is, to the pixel.
   * @param {() => void} change
   */
  keep(change) {
    const anchor = this.atBottom ? null : this.#firstInView();
    // The bottom, because an older message of the same person takes the line with the name from its top.
    const bottom = () => anchor?.getBoundingClientRect().bottom ?? 0;
    const wanted = bottom() + (this.#scroller.scrollTop === this.#owedAt ? this.#owed : 0);
    change();
    if (anchor?.isConnected) {
      const moved = bottom() - wanted;
      if (moved !== 0) this.#scroller.scrollTop += moved;
      // Browsers scroll by whole pixels and messages are not so high: a hundred of them would add up.
      this.#owed = wanted - bottom();
      this.#owedAt = this.#scroller.scrollTop;
    } else {
      this.toBottom();
    }
  }

  #firstInView() {
    const top = this.#scroller.getBoundingClientRect().top;
    for (const child of this.#list.children) {
      if (isMessage(child) && child.getBoundingClientRect().bottom > top) return child;
    }
    return null;
  }
}

/** Shows a message and marks it, and it has the focus. @param {HTMLElement | null} li @returns {boolean} whether there is one */
export function point(li) {
  if (!li) return false;
  document.querySelector(".pointed")?.classList.remove("pointed");
  li.classList.add("pointed");
  li.scrollIntoView({ block: "center" });
  li.tabIndex = -1;
  li.focus({ preventScroll: true });
  return true;
}

/** @param {Element} element @returns {element is HTMLElement} */
const isMessage = (element) => element.classList.contains("message");
