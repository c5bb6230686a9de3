/** What was being typed, kept for each person and room until it is sent. */

/** @typedef {import("./types.js").Shelf} Shelf */

export class Draft {
  #shelf;
  #key;
  #known = ""; // what this page found or left there

  /**
   * @param {Shelf} shelf
   * @param {string} person the id of who types
   * @param {string} room
   */
  constructor(shelf, person, room) {
    this.#shelf = shelf;
    this.#key = `chatd.draft.${person}.${room}`;
  }

  load() {
    this.#known = this.#shelf.getItem(this.#key) ?? "";
    return this.#known;
  }

  /** An empty field takes away what this page knew of, not what was typed in another tab. @param {string} text */
  save(text) {
    if (text) this.#shelf.setItem(this.#key, text);
    else if (this.#shelf.getItem(this.#key) === this.#known) this.#shelf.removeItem(this.#key);
    this.#known = text;
  }
}
