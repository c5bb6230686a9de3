/** What is done with a room by a command in the message field. */

import { text } from "../text.js";

/**
 * @typedef {import("../types.js").Room} Room
 * @typedef {{api: typeof import("../api.js"), room: Room, rest: string}} Given `rest` is what stands behind the command
 */

/** Each says what it did. @type {Record<import("./slash.js").Deed, (given: Given) => Promise<string>>} */
const ORDERS = {
  async topic({ api, room, rest }) {
    await api.changeRoom(room.room, { topic: rest });
    return text("slash.topic_done");
  },
  async invite({ api, room, rest }) {
    const name = rest.replace(/^@/, "");
    const { people } = await api.people(name);
    const person = people.find((one) => one.name === name) ?? people.find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (!person) throw new Error(text("slash.nobody", { name }));
    await api.invite(room.room, person.id);
    return text("slash.invite_done", { name: person.name });
  },
  async mute({ api, room }) {
    const muted = room.level !== "nothing";
    await api.setLevel(room.room, muted ? "nothing" : "everything");
    return text(muted ? "slash.mute_done" : "slash.unmute_done");
  },
};

/** Rejects with the reason, in words. @param {import("./slash.js").Deed} deed @param {Given} given */
export const carryOut = (deed, given) => ORDERS[deed](given);
