/** Says how much is new where its beginning is not on the page, and leads there. The server wrote it. */

import { fullDate, timeOfDay, dayLabel, dayOf } from "../dates.js";

export class Bar {
  #bar;

  /** @param {HTMLElement} bar @param {{first: () => void, read: () => void}} on to the first new message; all of them are read */
  constructor(bar, { first, read }) {
    this.#bar = bar;
    const time = bar.querySelector("time");
    if (time) {
      const at = new Date(time.dateTime);
      const now = new Date();
      time.title = fullDate(at);
      time.textContent = dayOf(at) === dayOf(now) ? timeOfDay(at) : `${dayLabel(at, now)}, ${timeOfDay(at)}`;
    }
    const [link, done] = [bar.querySelector("a"), bar.querySelector("button")];
    link?.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      first();
      this.hide();
    });
    done?.addEventListener("click", read);
  }

  /** Whether it has nothing to say. */
  get done() {
    return this.#bar.hidden === true;
  }

  hide() {
    this.#bar.hidden = true;
  }
}
