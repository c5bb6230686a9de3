/** What came while nobody looked: in the button above the composer, and in the window's title. */

import { text } from "../text.js";

export class Unread {
  #jump;
  #words;
  #title = document.title;
  #below = 0; // arrived below what is being read
  #unseen = 0; // arrived while the page was hidden
  #far = false;

  /** @param {HTMLElement} jump @param {HTMLElement} scroller gets the focus of the button, which goes @param {() => void} toBottom */
  constructor(jump, scroller, toBottom) {
    this.#jump = jump;
    this.#words = /** @type {HTMLElement} */ (jump.firstElementChild);
    jump.addEventListener("mousedown", (event) => event.preventDefault()); // whoever is writing goes on
    jump.addEventListener("click", () => {
      toBottom();
      if (document.activeElement === jump) scroller.focus({ preventScroll: true });
    });
    document.addEventListener("visibilitychange", () => {
      this.#unseen = 0;
      this.#show();
    });
  }

  /** @param {number} count @param {boolean} atBottom */
  arrived(count, atBottom) {
    if (!atBottom) this.#below += count;
    if (document.visibilityState === "hidden") this.#unseen += count;
    this.#show();
  }

  /** @param {boolean} atBottom @param {boolean} far */
  moved(atBottom, far) {
    if (atBottom) this.#below = 0;
    this.#far = far;
    this.#show();
  }

  #show() {
    this.#jump.hidden = this.#below === 0 && !this.#far;
    this.#jump.classList.toggle("calm", this.#below === 0);
    const words = this.#below === 0 ? text("unread.latest") : text("unread.new", { count: this.#below });
    if (this.#words.textContent !== words) this.#words.textContent = words;
    const title = this.#unseen > 0 ? `(${this.#unseen}) ${this.#title}` : this.#title;
    if (document.title !== title) document.title = title;
  }
}
