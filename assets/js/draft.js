/** What was being typed, kept for each person and room until it is sent. */

/** @typedef {import("./types.js").Shelf} Shelf */

export class Draft {
  #shelf;
  #key;

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
    return this.#shelf.getItem(this.#key) ?? "";
  }

  /** @param {string} text */
  save(text) {
    if (text) this.#shelf.setItem(this.#key, text);
    else this.#shelf.removeItem(this.#key);
  }
}
