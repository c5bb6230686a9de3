/** Who is here, as the server last said. Above 200 people it says only how many. No DOM. */

/**
 * @typedef {import("./types.js").Presence} PresenceFrame
 * @typedef {import("./types.js").Person} Person
 */

export class Presence {
  count = 0;
  /** null when there are too many to name @type {Map<string, Person> | null} */
  #people;

  /** @param {Person} me is here, or would not see this */
  constructor(me) {
    this.#me = me;
    this.#people = new Map([[me.id, me]]);
    this.count = 1;
  }

  #me;

  /** @param {PresenceFrame} frame */
  apply(frame) {
    this.count = frame.count;
    if (frame.here) {
      this.#people = new Map(frame.here.map((p) => [p.id, p]));
    } else if (!frame.joined && !frame.left) {
      this.#people = null;
    } else if (this.#people) {
      for (const p of frame.left ?? []) this.#people.delete(p.id);
      for (const p of frame.joined ?? []) this.#people.set(p.id, p);
    }
  }

  /** Oneself first, then by name; null when there are too many to name. @returns {Person[] | null} */
  people() {
    if (!this.#people) return null;
    const rank = (/** @type {Person} */ p) => (p.id === this.#me.id ? 0 : 1);
    return [...this.#people.values()].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  }
}
