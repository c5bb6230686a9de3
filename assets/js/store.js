/**
 * What the log told us about one room: a stretch of it, without holes. While there is newer than that, what is posted is
 * told of and not taken in. Order is the order in which the server sent it; ids are opaque. No DOM, no network.
 */

/**
 * @typedef {import("./types.js").Message} Message
 * @typedef {import("./types.js").Kept} Kept
 * @typedef {{what: "append" | "prepend" | "extend" | "trim", messages: Message[]} | {what: "update" | "missed", message: Message}
 *   | {what: "replace"}} Change append: posted just now; extend: a page of newer ones; missed: posted, and beyond the stretch
 */

export class Store {
  /** oldest first @type {Message[]} */
  messages = [];
  hasOlder = false;
  hasNewer = false;

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
    if (event.kind === "person.banned") return this.#erase(event);
    if (event.room !== this.#room) return;
    switch (event.kind) {
      case "message.posted":
        this.#post(event);
        this.count(event.thread);
        break;
      case "message.edited":
        this.#requote(event.message, event);
        this.#revise(event.message, event);
        break;
      case "message.deleted":
        this.#requote(event.message, { deleted: true });
        this.#revise(event.message, { deleted: true });
        this.count(event.thread);
        break;
      case "reaction.added":
      case "reaction.removed":
        this.#change(event.message, (message) => react(message, event.reaction));
        break;
      case "message.pinned":
        this.#change(event.message, (message) => { message.pinned = true; });
        break;
      case "message.unpinned":
        this.#change(event.message, (message) => { delete message.pinned; });
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
   * Puts a page of newer messages behind.
   * @param {Message[]} messages oldest first
   * @param {boolean} hasNewer
   */
  extend(messages, hasNewer) {
    this.hasNewer = hasNewer;
    const fresh = messages.filter((m) => this.#remember(m));
    this.messages.push(...fresh);
    this.#changed({ what: "extend", messages: fresh });
  }

  /**
   * Forgets everything and starts from this page: another place, or another epoch, where old ids mean nothing.
   * @param {Message[]} messages oldest first
   * @param {boolean} hasOlder
   * @param {boolean} [hasNewer]
   */
  replace(messages, hasOlder, hasNewer = false) {
    this.#byId.clear();
    this.#identities.clear();
    this.hasOlder = hasOlder;
    this.hasNewer = hasNewer;
    this.messages = messages.filter((m) => this.#remember(m));
    this.#changed({ what: "replace" });
  }

  /**
   * Forgets messages at one end until `keep` are left; they can be paged in again.
   * @param {"oldest" | "newest"} which
   * @param {number} keep
   * @param {(id: string) => boolean} [stays] a message that this says of is not forgotten, nor what is behind it
   */
  trim(which, keep, stays = () => false) {
    let n = Math.max(0, this.messages.length - keep);
    const far = which === "oldest" ? this.messages.slice(0, n) : this.messages.slice(keep).reverse();
    const first = far.findIndex(({ id }) => stays(id));
    if (first >= 0) n = first;
    const gone = which === "oldest" ? this.messages.splice(0, n) : this.messages.splice(this.messages.length - n);
    if (gone.length === 0) return;
    for (const m of gone) {
      this.#byId.delete(m.id);
      this.#identities.delete(identity(m));
    }
    if (which === "oldest") this.hasOlder = true;
    else this.hasNewer = true;
    this.#changed({ what: "trim", messages: gone });
  }

  /** @param {Message} message */
  #post(message) {
    if (this.#byId.has(message.id)) {
      this.#revise(message.id, message); // a replay brings it as it stands now
      return;
    }
    if (this.hasNewer) return this.#changed({ what: "missed", message });
    if (!this.#remember(message)) return;
    this.messages.push(message);
    this.#changed({ what: "append", messages: [message] });
  }

  /**
   * @param {string} id
   * @param {{text?: string, html?: string, mentions?: import("./types.js").Mentions, rev?: number, edited_at?: string, deleted?: boolean}} to
   */
  #revise(id, to) {
    const message = this.#byId.get(id);
    if (!message || message.deleted) return; // an older page will bring it as it stands then
    if (to.deleted) {
      message.deleted = true;
      for (const gone of /** @type {const} */ (["text", "html", "rev", "edited_at", "pinned", "reactions", "reply", "mentions"])) delete message[gone];
    } else if ((to.rev ?? 0) > (message.rev ?? 0)) {
      message.text = to.text;
      if (to.mentions) message.mentions = to.mentions;
      else delete message.mentions;
      message.rev = to.rev;
      message.edited_at = to.edited_at;
      if (to.html) message.html = to.html;
      else delete message.html;
    } else {
      return;
    }
    this.#changed({ what: "update", message });
  }

  /**
   * What somebody said since a time is gone, wherever it stands. An answer quotes what is older than itself: where that is not in
   * the page, rather too much of it is gone until the page is read anew than too little.
   * @param {import("./types.js").Banned} event
   */
  #erase({ people, erased_since: since }) {
    if (!since) return;
    const gone = (/** @type {string | undefined} */ by, /** @type {string} */ at) => people.some(({ id }) => id === by) && Date.parse(at) >= Date.parse(since);
    for (const message of [...this.messages]) {
      if (gone(message.by.id, message.at)) this.#revise(message.id, { deleted: true });
      const { reply } = message;
      if (reply && !reply.deleted && gone(reply.by?.id, this.#byId.get(reply.id)?.at ?? message.at)) this.#requote(reply.id, { deleted: true });
    }
  }

  /** @param {string} id @param {(message: Message) => void} change */
  #change(id, change) {
    const message = this.#byId.get(id);
    if (!message || message.deleted) return;
    change(message);
    this.#changed({ what: "update", message });
  }

  /** Notes how a thread stands now. @param {import("./types.js").Thread | undefined} thread */
  count(thread) {
    if (!thread) return;
    for (const message of this.messages) if (message.thread?.root === thread.root) message.thread = { ...thread };
    const root = this.#byId.get(thread.root);
    if (!root) return;
    if (thread.answers > 0) root.thread = { ...thread };
    else delete root.thread;
    this.#changed({ what: "update", message: root });
  }

  /**
   * What answers a message says so too, whether or not the message itself is here.
   * @param {string} id
   * @param {{text?: string, deleted?: boolean}} to
   */
  #requote(id, to) {
    for (const message of this.messages) {
      if (message.reply?.id !== id || message.reply.deleted) continue;
      message.reply = to.deleted ? { id, deleted: true } : { ...message.reply, text: beginning(to.text ?? "") };
      this.#changed({ what: "update", message });
    }
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

/** As much of a text as the server quotes. @param {string} text */
export const beginning = (text) => [...text.slice(0, 400)].slice(0, 200).join("");

/** @param {Message} message @param {import("./types.js").Reaction} reaction */
function react(message, reaction) {
  const list = message.reactions ?? [];
  const i = list.findIndex(({ emoji }) => emoji === reaction.emoji);
  if (i >= 0) list.splice(i, 1, ...(reaction.count > 0 ? [reaction] : []));
  else if (reaction.count > 0) list.push(reaction);
  if (list.length > 0) message.reactions = list;
  else delete message.reactions;
}
