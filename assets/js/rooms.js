/** The rooms that one is in or may join, and what is unread in them. No DOM, no network. */

/**
 * @typedef {import("./types.js").Room} Room
 * @typedef {import("./types.js").Frame} Frame
 * @typedef {import("./types.js").Message} Message
 */

const MOST = 100; // a badge says 99+

export class Rooms {
  /** in the order in which they are shown @type {Room[]} */
  list;
  #me;
  #here;
  #load;
  #changed;
  /** what came while a list was on its way; null when none is @type {Frame[] | null} */
  #held = null;
  #again = false;

  /**
   * @param {{rooms: Room[], me: string, here: string, load: () => Promise<{rooms: Room[]}>, changed: () => void}} options
   *   `me` is the person's id, `here` the room that is shown, `load` asks the server for the list
   */
  constructor({ rooms, me, here, load, changed }) {
    this.list = rooms;
    this.#me = me;
    this.#here = here;
    this.#load = load;
    this.#changed = changed;
  }

  /** @param {string} name */
  get(name) {
    return this.list.find(({ room }) => room === name);
  }

  /** How much is unread in other rooms. */
  get unreadElsewhere() {
    return Math.min(MOST, this.list.reduce((sum, r) => sum + (r.room === this.#here ? 0 : r.unread), 0));
  }

  /** Everything in the room that is shown has been read. */
  readHere() {
    const room = this.get(this.#here);
    if (!room || room.unread === 0) return;
    room.unread = 0;
    this.#changed();
  }

  /** @param {Frame} frame */
  apply(frame) {
    this.#held?.push(frame);
    switch (frame.kind) {
      case "message.posted":
        return this.#count(frame);
      case "read":
        return this.#set(frame.room, { unread: frame.unread, muted: frame.muted });
      case "unread":
        return this.#set(frame.room, { unread: frame.count });
      case "room.changed":
        return this.#set(frame.room, { ...(frame.title !== undefined && { title: frame.title }), ...(frame.topic !== undefined && { topic: frame.topic }) });
      case "room.created":
        if (!this.get(frame.room)) void this.refresh();
        return;
      case "member.joined":
      case "member.invited":
        if (this.#isMe(frame) && !this.get(frame.room)?.joined) void this.refresh();
        return;
      case "member.left":
      case "member.removed":
        if (this.#isMe(frame)) this.#drop(frame.room);
        return;
      case "room.archived":
        return this.#drop(frame.room);
    }
  }

  /** Asks for the list; what comes meanwhile is counted on top of it, once. */
  async refresh() {
    if (this.#held) {
      this.#again = true;
      return;
    }
    this.#held = [];
    const answer = await this.#load().catch(() => null);
    const held = this.#held;
    this.#held = null;
    if (answer) {
      this.list = answer.rooms;
      this.#changed();
      for (const frame of this.#news(held)) this.apply(frame);
    }
    if (this.#again) {
      this.#again = false;
      await this.refresh();
    }
  }

  /** What of this the list does not have yet: in each room what came after its head. @param {Frame[]} frames */
  #news(frames) {
    return frames.filter((frame, i) => frame.kind !== "message.posted"
      || !frames.slice(i).some((later) => later.kind === "message.posted" && later.id === this.get(frame.room)?.head));
  }

  /** @param {Message} message */
  #count(message) {
    const room = this.get(message.room);
    if (!room?.joined) return void this.refresh();
    room.head = message.id;
    if (message.by.id === this.#me || room.muted || room.unread >= MOST) return;
    room.unread++;
    this.#changed();
  }

  /** @param {string} name @param {Partial<Room>} to */
  #set(name, to) {
    const room = this.get(name);
    if (!room) return;
    Object.assign(room, to);
    this.#changed();
  }

  /** One is not there any more; a public room can be joined again. @param {string} name */
  #drop(name) {
    const gone = this.get(name);
    if (!gone) return;
    this.list = this.list.filter((r) => r !== gone);
    this.#changed();
    if (!gone.private) void this.refresh();
  }

  /** @param {import("./types.js").Quiet} frame */
  #isMe(frame) {
    return frame.people ? frame.people.some(({ id }) => id === this.#me) : frame.by.id === this.#me;
  }
}
