/** Who is typing, and saying so oneself. No DOM. */

/**
 * @typedef {import("./types.js").Typing} TypingFrame
 * @typedef {import("./types.js").Person} Person
 */

const SHOWN_MS = 5_000; // after the last signal
const SAY_MS = 1_000; // at most one signal in so long

export class Typing {
  #me;
  #room;
  #changed;
  #say;
  #saidAt = -Infinity;
  /** @type {Map<string, {person: Person, timer: ReturnType<typeof setTimeout>}>} */
  #typers = new Map();

  /**
   * @param {{me: Person, room: string, changed: (names: string[]) => void, say: () => void}} options
   *   `say` tells the others that this person is typing
   */
  constructor({ me, room, changed, say }) {
    this.#me = me;
    this.#room = room;
    this.#changed = changed;
    this.#say = say;
  }

  /** @param {TypingFrame} frame */
  apply({ room, by }) {
    if (room !== this.#room || by.id === this.#me.id) return;
    clearTimeout(this.#typers.get(by.id)?.timer);
    this.#typers.set(by.id, { person: by, timer: setTimeout(() => this.done(by.id), SHOWN_MS) });
    this.#tell();
  }

  /** The message is there, or it took too long. @param {string} person the id */
  done(person) {
    clearTimeout(this.#typers.get(person)?.timer);
    if (this.#typers.delete(person)) this.#tell();
  }

  /** Called for every key; says so at most once a second. */
  typed() {
    if (Date.now() - this.#saidAt < SAY_MS) return;
    this.#saidAt = Date.now();
    this.#say();
  }

  /** The message went out: the next key is news. */
  sent() {
    this.#saidAt = -Infinity;
  }

  #tell() {
    this.#changed([...this.#typers.values()].map(({ person }) => person.name));
  }
}
