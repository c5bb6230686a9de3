/** Tells the server how far one has read: at most every two seconds, and only news. Knows no DOM. */

const EVERY_MS = 2_000;

export class Reading {
  #say;
  #newest = "";
  #told = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {(id: string) => boolean} say tells it; false if that was not possible now */
  constructor(say) {
    this.#say = say;
  }

  /** @param {string} id the newest message that was seen, "" for none */
  saw(id) {
    this.#newest = id;
    if (this.#timer !== undefined) return;
    this.#tell();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#tell();
    }, EVERY_MS);
  }

  /** What was not told yet is not so any more. */
  stop() {
    this.#newest = this.#told = "";
  }

  #tell() {
    if (this.#newest && this.#newest !== this.#told && this.#say(this.#newest)) this.#told = this.#newest;
  }
}
