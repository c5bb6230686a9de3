/**
 * Brings pages of messages into the store: older and newer ones at its ends, or another part of the room instead. A page may be
 * older than what the stream tells while it is on its way; that is heard again after it. No DOM.
 */

/**
 * @typedef {import("./types.js").Page} Page
 * @typedef {import("./types.js").Kept} Kept
 * @typedef {import("./types.js").Place} Place
 * @typedef {import("./store.js").Store} Store
 */

const RETRY_MAX_MS = 30_000;

export class History {
  #store;
  #load;
  #still;
  /** events that wait for the page that takes the place of all; null when none is on its way @type {Kept[] | null} */
  #held = null;
  /** what was told while a page for one of the ends is on its way @type {Set<Kept[]>} */
  #ears = new Set();
  #turn = 0;
  /** @type {Promise<void> | null} */
  #older = null;
  /** @type {Promise<void> | null} */
  #newer = null;
  #hurry = () => {};
  #lives = 0; // the connection that is live, by its number; 0: none is
  #connections = 0;

  /**
   * @param {Store} store
   * @param {(place: Place) => Promise<Page>} load
   * @param {boolean} [still] nothing is told: the pages are all there is
   */
  constructor(store, load, still = false) {
    this.#store = store;
    this.#load = load;
    this.#still = still;
  }

  /** One kept event from the stream. @param {Kept} event */
  take(event) {
    if (this.#held) return void this.#held.push(event);
    for (const heard of this.#ears) heard.push(event);
    this.#store.apply(event);
  }

  /** Whether everything that is kept has been told, and what comes will be. A page that could not be had is asked for at once. @param {boolean} live */
  live(live) {
    this.#lives = live ? ++this.#connections : 0;
    if (live) this.#hurry();
  }

  /** The page before the oldest message known. Rejects with the reason, in words, when it cannot be had. */
  older() {
    this.#older ??= this.#loadOlder().finally(() => { this.#older = null; });
    return this.#older;
  }

  /** The page behind the newest message known. Rejects with the reason, in words, when it cannot be had. */
  newer() {
    this.#newer ??= this.#loadNewer().finally(() => { this.#newer = null; });
    return this.#newer;
  }

  /**
   * The newest page instead of everything known. Tries until it has it; a later call takes over from an earlier one.
   * @param {boolean} [told] the stream goes on behind this page by itself: it was reset
   * @returns {Promise<boolean>} false when a later call took over
   */
  async reload(told = false) {
    const turn = ++this.#turn;
    this.#held ??= [];
    if (told) this.#held = [];
    for (let tries = 0; ; tries++) {
      const since = this.#since();
      const page = await this.#load({}).catch(() => null);
      if (turn !== this.#turn) return false;
      if (page) {
        this.#replace(page, told || since());
        return true;
      }
      await new Promise((resolve) => {
        this.#hurry = () => resolve(undefined);
        setTimeout(resolve, Math.min(RETRY_MAX_MS, 1_000 * 2 ** tries));
      });
      if (turn !== this.#turn) return false;
    }
  }

  /**
   * The messages around one instead of everything known. Rejects with the reason, in words, when they cannot be had.
   * @param {string} id
   * @returns {Promise<boolean>} false when a later call took over
   */
  async around(id) {
    if (this.#held) throw new Error("The newest messages are on their way.");
    const turn = ++this.#turn;
    const since = this.#since();
    this.#held = [];
    try {
      const page = await this.#load({ around: id });
      if (turn !== this.#turn) return false;
      this.#replace(page, since());
      return true;
    } catch (error) {
      if (turn === this.#turn) this.#release();
      throw error;
    }
  }

  /** @param {Page} page @param {boolean} told */
  #replace(page, told) {
    this.#store.replace(page.messages, page.has_older, page.has_newer || !told);
    this.#release();
  }

  #release() {
    const held = this.#held ?? [];
    this.#held = null;
    for (const event of held) this.#store.apply(event);
  }

  /**
   * A page ends the room only if what follows it was, or will be, told: what is told after a connection was lost begins where
   * that was lost, which may be before the page.
   * @returns {() => boolean} whether the connection was there all the time
   */
  #since() {
    const lives = this.#lives;
    return () => this.#still || (lives !== 0 && lives === this.#lives);
  }

  /** @param {Place} place @param {(page: Page, heard: Kept[]) => void} use if nothing else took its place, and the end is where it was */
  async #page(place, use) {
    if (this.#held) throw new Error("The newest messages come first.");
    const turn = this.#turn;
    /** @type {Kept[]} */
    const heard = [];
    this.#ears.add(heard);
    const page = await this.#load(place).finally(() => this.#ears.delete(heard));
    if (turn !== this.#turn) return;
    use(page, heard);
    for (const event of heard) {
      if (event.kind === "message.posted") this.#store.count(event.thread);
      else this.#store.apply(event);
    }
  }

  async #loadOlder() {
    const first = this.#store.messages[0];
    if (!first || !this.#store.hasOlder) return;
    await this.#page({ before: first.id }, (page) => {
      if (this.#store.messages[0] === first) this.#store.prepend(page.messages, page.has_older);
    });
  }

  async #loadNewer() {
    const last = this.#store.messages.at(-1);
    if (!last || !this.#store.hasNewer) return;
    const since = this.#since();
    let lost = false;
    await this.#page({ after: last.id }, (page, heard) => {
      if (this.#store.messages.at(-1) !== last) return;
      const ends = !page.has_newer && since();
      lost = !page.has_newer && !ends;
      /** @type {import("./types.js").Message[]} */
      const posted = [];
      for (const event of heard) if (ends && event.kind === "message.posted" && event.room === last.room) posted.push(event);
      this.#store.extend([...page.messages, ...posted], !ends);
    });
    if (lost) throw new Error("There is no connection.");
  }
}
