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

  /**
   * @param {HTMLElement} scroller
   * @param {HTMLElement} list whose children are the messages
   * @param {(atBottom: boolean, far: boolean) => void} moved `far`: more than a screen above the bottom
   */
  constructor(scroller, list, moved) {
    this.#scroller = scroller;
    this.#list = list;
    scroller.addEventListener("scroll", () => moved(this.atBottom, -scroller.scrollTop > scroller.clientHeight), { passive: true });
  }

  get atBottom() {
    return -this.#scroller.scrollTop < NEAR_PX;
  }

  toBottom() {
    this.#scroller.scrollTop = 0;
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
      if (child.classList.contains("message") && child.getBoundingClientRect().bottom > top) return child;
    }
    return null;
  }
}
