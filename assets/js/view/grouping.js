/** What stands between messages: a line for each day, and one where the new ones begin. Those of one person in a row are one group. */

import { continues, dayLabel, dayOf, untilMidnight } from "../dates.js";
import { el } from "../dom.js";
import { text } from "../text.js";

/** @typedef {{by: string, at: Date, answers: boolean}} Facts `answers`: it quotes what it answers */

export class Grouping {
  #list;
  /** @type {WeakMap<Element, Facts>} */
  #facts = new WeakMap();
  #firstNew = "";

  /** @param {HTMLElement} list */
  constructor(list) {
    this.#list = list;
    this.#newDay();
  }

  /** @param {HTMLElement} li @param {Facts} facts @param {string} [id] once it has one */
  remember(li, facts, id) {
    this.#facts.set(li, facts);
    if (id !== undefined && id === this.#firstNew) mark(li);
  }

  /** @param {string} id of the message above which the line stands, "" for none @param {HTMLElement} [li] */
  beginNew(id, li) {
    const before = this.#list.querySelector(".first-new");
    this.#firstNew = id;
    if (before === (li ?? null)) return;
    if (before) {
      before.classList.remove("first-new");
      before.querySelector(".new")?.remove();
      this.decorate(before);
    }
    if (li) {
      mark(li);
      this.decorate(li);
    }
  }

  all() {
    for (const li of [...this.#list.children]) if (li.classList.contains("message")) this.decorate(li);
  }

  /** Groups a message with the one before it, or begins a day above it. @param {Element} li */
  decorate(li) {
    const facts = this.#facts.get(li);
    if (!facts) return;
    const line = li.previousElementSibling?.classList.contains("day") ? li.previousElementSibling : null;
    const before = (line ?? li).previousElementSibling;
    const earlier = before ? this.#facts.get(before) : undefined;
    li.classList.toggle("continued", !facts.answers && !li.classList.contains("first-new") && continues(earlier, facts));
    line?.remove();
    if (!earlier || dayOf(earlier.at) !== dayOf(facts.at)) li.before(dayLine(facts.at));
  }

  /** Today becomes Yesterday. */
  #newDay() {
    setTimeout(() => {
      for (const line of this.#list.querySelectorAll(".day > time")) {
        line.textContent = dayLabel(new Date(`${line.getAttribute("datetime")}T12:00`), new Date());
      }
      this.#newDay();
    }, Math.min(untilMidnight(new Date()) + 1_000, 60 * 60_000)); // hourly at least: timers stop while a machine sleeps
  }
}

/** @param {HTMLElement} li */
function mark(li) {
  li.classList.add("first-new");
  if (!li.querySelector(".new")) li.prepend(el("p.new", {}, text("unread.line")));
}

/** @param {Date} at */
const dayLine = (at) => el("li.day", { "aria-live": "off" }, el("time", { datetime: dayOf(at) }, dayLabel(at, new Date())));
