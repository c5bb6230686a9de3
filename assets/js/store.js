/** What the log told us about one room. Order is the order in which the server sent it; ids are opaque. No DOM, no network. */

/**
 * @typedef {import("./types.js").Message} Message
 * @typedef {import("./types.js").Kept} Kept
 * @typedef {{what: "append", messages: Message[]} | {what: "prepend", messages: Message[]}
 *   | {what: "update", message: Message} | {what: "trim", messages: Message[]} | {what: "replace"}} Change
 */

export class Store {
  /** oldest first @type {Message[]} */
  messages = [];
  hasOlder = false;

  #room;
  /** @type {Map<string, Message>} */
  #byId = new Map();
  /** author and cid, the identity of a message however often it was sent @type {Set<string>} */
  #identities = new Set();
  /** @type {(change: Change) => void} */
  #changed = () => {};

  /** @param {string} room */
  constructor(room) {
    this.#room = room;
  }

  /** @param {(change: Change) => void} changed is told of every change after it was made */
  onChange(changed) {
    this.#changed = changed;
  }

  /** @param {string} id */
  get(id) {
    return this.#byId.get(id);
  }

  /**
   * Takes one kept event; seeing it twice changes nothing.
   * @param {Kept} event
   */
  apply(event) {
    if (event.room !== this.#room) return;
    switch (event.kind) {
      case "message.posted":
        this.#post(event);
        break;
      case "message.edited":
        this.#revise(event.message, { text: event.text, html: event.html, rev: event.rev });
        break;
      case "message.deleted":
        this.#revise(event.message, { deleted: true });
        break;
    }
  }

  /**
   * Puts a page of older messages in front.
   * @param {Message[]} messages oldest first
   * @param {boolean} hasOlder
   */
  prepend(messages, hasOlder) {
    this.hasOlder = hasOlder;
    const fresh = messages.filter((m) => this.#remember(m));
    this.messages.unshift(...fresh);
    this.#changed({ what: "prepend", messages: fresh });
  }

  /**
   * Forgets everything and starts from this page: after a reset, or for another epoch, where old ids mean nothing.
   * @param {Message[]} messages oldest first
   * @param {boolean} hasOlder
   */
  replace(messages, hasOlder) {
    this.#byId.clear();
    this.#identities.clear();
    this.hasOlder = hasOlder;
    this.messages = messages.filter((m) => this.#remember(m));
    this.#changed({ what: "replace" });
  }

  /**
   * Forgets the oldest messages beyond `keep`; they can be paged in again.
   * @param {number} keep
   */
  trim(keep) {
    const gone = this.messages.splice(0, Math.max(0, this.messages.length - keep));
    if (gone.length === 0) return;
    for (const m of gone) {
      this.#byId.delete(m.id);
      this.#identities.delete(identity(m));
    }
    this.hasOlder = true;
    this.#changed({ what: "trim", messages: gone });
  }

  /** @param {Message} message */
  #post(message) {
    if (this.#byId.has(message.id)) {
      this.#revise(message.id, message); // a replay brings it as it stands now
      return;
    }
    if (!this.#remember(message)) return;
    this.messages.push(message);
    this.#changed({ what: "append", messages: [message] });
  }

  /**
   * @param {string} id
   * @param {{text?: string, html?: string, rev?: number, deleted?: boolean}} to
   */
  #revise(id, to) {
    const message = this.#byId.get(id);
    if (!message || message.deleted) return; // an older page will bring it as it stands then
    if (to.deleted) {
      message.deleted = true;
      delete message.text;
      delete message.html;
    } else if ((to.rev ?? 0) > (message.rev ?? 0)) {
      message.text = to.text;
      message.html = to.html;
      message.rev = to.rev;
    } else {
      return;
    }
    this.#changed({ what: "update", message });
  }

  /**
   * @param {Message} message
   * @returns {boolean} whether it was new
   */
  #remember(message) {
    if (this.#byId.has(message.id) || (message.cid && this.#identities.has(identity(message)))) return false;
    this.#byId.set(message.id, message);
    if (message.cid) this.#identities.add(identity(message));
    return true;
  }
}

/** @param {Message} message */
const identity = (message) => `${message.by.id} ${message.cid}`;
