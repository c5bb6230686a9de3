/** How far one has read in a room, by what was on the screen. No DOM, no network. */

/** @typedef {import("./store.js").Store} Store */

export class Mark {
  #store;
  #first; // the first message not read, "" if that is not known
  #read = ""; // the last one read, "" if that is not known
  #held = false;

  /** @param {Store} store @param {string} [first] the first message that is not read; none when all is */
  constructor(store, first = "") {
    this.#store = store;
    this.#first = first;
    if (!first && !store.hasNewer) this.#read = store.messages.at(-1)?.id ?? "";
  }

  /**
   * The messages up to this one have been on the screen.
   * @param {string} id
   * @returns {string} how far one has read now, "" if that says nothing: what is not read begins elsewhere
   */
  saw(id) {
    const at = this.#at();
    const seen = this.#index(id);
    if (this.#held || at < 0 || seen < at - 1) return "";
    this.#read = id;
    this.#first = "";
    return id;
  }

  /** What is shown now is all that one wants to read. @returns {string} how far one has read now */
  all() {
    this.#held = false;
    this.#first = "";
    return this.#read = this.#store.hasNewer ? "" : this.#store.messages.at(-1)?.id ?? "";
  }

  /** From this message on one wants to read it again, later: it is not read by being seen. @param {string} id */
  hold(id) {
    this.#held = true;
    this.#first = id;
  }

  /** The room was loaded anew, so long after that what one has read may be nowhere. */
  lost() {
    if (this.#at() < 0) this.#first = this.#store.messages[0]?.id ?? "";
  }

  /** Whether nothing is left to read. */
  get done() {
    return !this.#held && !this.#store.hasNewer && this.#at() >= this.#store.messages.length;
  }

  /** Where that begins which is not read; -1 if it is not in the window. */
  #at() {
    if (this.#first) return this.#index(this.#first);
    if (!this.#read) return 0;
    const read = this.#index(this.#read);
    return read < 0 ? -1 : read + 1;
  }

  /** @param {string} id */
  #index(id) {
    return this.#store.messages.findIndex((m) => m.id === id);
  }
}
