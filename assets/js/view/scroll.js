/**
 * The scrolling list of messages. It is laid out from its end, so scrollTop is 0 at the bottom and negative above: there the
 * browser keeps it at the bottom by itself, whatever grows.
 */

const NEAR_PX = 48; // still counts as being at the bottom

export class Scroll {
  #scroller;
  #list;

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
    const before = anchor?.getBoundingClientRect().bottom ?? 0;
    change();
    if (anchor?.isConnected) {
      const moved = anchor.getBoundingClientRect().bottom - before;
      if (moved !== 0) this.#scroller.scrollTop += moved;
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
