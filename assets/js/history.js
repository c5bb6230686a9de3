/**
 * Brings pages of messages into the store: older ones in front, or the newest anew. Events that arrive while the newest page
 * is on its way wait for it, so that nothing between the page and the stream is missed. No DOM.
 */

/**
 * @typedef {import("./types.js").Page} Page
 * @typedef {import("./types.js").Kept} Kept
 * @typedef {import("./store.js").Store} Store
 */

const RETRY_MAX_MS = 30_000;

export class History {
  #store;
  #load;
  /** events that wait for the newest page; null when none is on its way @type {Kept[] | null} */
  #held = null;
  #turn = 0;
  /** @type {Promise<void> | null} */
  #older = null;
  #hurry = () => {};

  /**
   * @param {Store} store
   * @param {(before?: string) => Promise<Page>} load
   */
  constructor(store, load) {
    this.#store = store;
    this.#load = load;
  }

  /** One kept event from the stream. @param {Kept} event */
  take(event) {
    if (this.#held) this.#held.push(event);
    else this.#store.apply(event);
  }

  /** The page before the oldest message known. Rejects with the reason, in words, when it cannot be had. */
  older() {
    this.#older ??= this.#loadOlder().finally(() => { this.#older = null; });
    return this.#older;
  }

  /**
   * The newest page instead of everything known. Tries until it has it; a later call takes over from an earlier one.
   * @returns {Promise<boolean>} false when a later call took over
   */
  async reload() {
    const turn = ++this.#turn;
    this.#held = [];
    for (let tries = 0; ; tries++) {
      const page = await this.#load().catch(() => null);
      if (turn !== this.#turn) return false;
      if (page) {
        const held = this.#held;
        this.#held = null;
        this.#store.replace(page.messages, page.has_older);
        for (const event of held) this.#store.apply(event);
        return true;
      }
      await new Promise((resolve) => {
        this.#hurry = () => resolve(undefined);
        setTimeout(resolve, Math.min(RETRY_MAX_MS, 1_000 * 2 ** tries));
      });
      if (turn !== this.#turn) return false;
    }
  }

  /** The connection is back: a page that could not be had is asked for at once. */
  hurry() {
    this.#hurry();
  }

  async #loadOlder() {
    const first = this.#store.messages[0];
    if (this.#held) throw new Error("the newest messages come first");
    if (!first || !this.#store.hasOlder) return;
    const turn = this.#turn;
    const page = await this.#load(first.id);
    // meanwhile the room may have been loaded anew, or its oldest messages let go
    if (turn === this.#turn && this.#store.messages[0] === first) this.#store.prepend(page.messages, page.has_older);
  }
}
