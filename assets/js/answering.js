/** Which message is being answered, kept with the draft until the answer is sent. Knows no DOM. */

/**
 * @typedef {NonNullable<import("./types.js").OutboxItem["reply"]>} Quote
 * @typedef {import("./types.js").Shelf} Shelf
 */

export class Answering {
  /** @type {Quote | undefined} */
  #quote;
  #shelf;
  #key;
  #changed;

  /**
   * @param {Shelf} shelf
   * @param {string} person the id of who writes
   * @param {string} room
   * @param {(quote: Quote | undefined) => void} changed
   */
  constructor(shelf, person, room, changed) {
    this.#shelf = shelf;
    this.#key = `chatd.draft.${person}.${room}.reply`;
    this.#changed = changed;
    try {
      const kept = JSON.parse(shelf.getItem(this.#key) ?? "null");
      if (typeof kept?.id === "string") this.#quote = kept;
    } catch {
      // not ours to understand
    }
  }

  get quote() {
    return this.#quote;
  }

  /** @param {Quote} quote */
  begin(quote) {
    this.#quote = quote;
    this.#shelf.setItem(this.#key, JSON.stringify(quote));
    this.#changed(quote);
  }

  /** Ends it, and says what was answered. */
  end() {
    const quote = this.#quote;
    this.#quote = undefined;
    this.#shelf.removeItem(this.#key);
    if (quote) this.#changed(undefined);
    return quote;
  }
}
