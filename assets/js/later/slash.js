/** Commands that are written into the message field: "/me waves". No DOM, no network. */

import { text } from "../text.js";

/**
 * @typedef {import("../text.js").Key} Key
 * @typedef {import("../types.js").Room} Room
 * @typedef {"topic" | "invite" | "mute"} Deed something done with the room instead of a message
 * @typedef {{text: string} | {error: string} | {deed: Deed, rest: string}} Said
 * @typedef {{room: () => Room, carryOut: (deed: Deed, rest: string) => Promise<string>}} Order
 *   the room as it is now; `carryOut` says what was done, and rejects with the reason in words
 * @typedef {{usage: Key, does: Key, here: (room: Room) => boolean, run: (rest: string) => Said}} Command
 *   `usage` and `does` are for the list of them, `here` says whether one may use it in a room
 */

/** Each makes of what follows it the text to be sent or what is to be done, or says in words what is missing. @type {Map<string, Command>} */
export const COMMANDS = new Map(Object.entries({
  me: { usage: "slash.me_usage", does: "slash.me_does", here: () => true, run: me },
  topic: { usage: "slash.topic_usage", does: "slash.topic_does", here: (room) => room.may?.includes("change") ?? false, run: deed("topic", "slash.topic") },
  invite: { usage: "slash.invite_usage", does: "slash.invite_does", here: (room) => room.may?.includes("invite") ?? false, run: deed("invite", "slash.invite") },
  mute: { usage: "slash.mute_usage", does: "slash.mute_does", here: (room) => room.joined, run: deed("mute") },
}));

/**
 * What is to be made of what was written. A path ("/usr/bin is full") is no command, and "//me" is the text "/me".
 * @param {string} written
 * @param {Room} room as it is now
 * @returns {Said}
 */
export function obey(written, room) {
  const [, slashes, name, rest] = /^(\/\/?)([a-z][a-z0-9-]*)(?=\s|$)\s*([^]*)$/i.exec(written) ?? [];
  if (name === undefined || rest === undefined) return { text: written };
  if (slashes === "//") return { text: written.slice(1) };
  const command = COMMANDS.get(name.toLowerCase());
  if (!command) return { error: text("slash.unknown", { name }) };
  return command.here(room) ? command.run(rest) : { error: text("slash.not_here", { name }) };
}

/** What one does, in italics behind one's name. @param {string} rest @returns {Said} */
function me(rest) {
  const deed = rest.trim();
  if (!deed) return { error: text("slash.me") };
  return { text: deed.split("\n").map((line) => (line.trim() ? `_${line.trim()}_` : line)).join("\n") };
}

/** @param {Deed} what @param {Key} [missing] what to say when nothing follows @returns {(rest: string) => Said} */
function deed(what, missing) {
  return (rest) => (missing && !rest.trim() ? { error: text(missing) } : { deed: what, rest: rest.trim() });
}
