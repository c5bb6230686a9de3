/** The server's HTTP for what moderators do, and for whoever asks them: loaded with the first of it. */

import { call, roomDoes } from "../api.js";

/** @param {string} room @param {string} message the id @param {string} reason */
export const report = (room, message, reason) => roomDoes(room, "report", { message, reason });

/** @param {string} room @param {number} seconds 0 ends it */
export const slow = (room, seconds) => roomDoes(room, "slow", { seconds });

/** Who somebody is, and what one may do with him. @param {string} person the id @param {string} room @returns {Promise<import("../types.js").Profile>} */
export const profile = (person, room) => call("GET", `/api/people/${encodeURIComponent(person)}?${new URLSearchParams({ room })}`);

/** @param {string} person @param {string} what @param {object} body @returns {Promise<import("../types.js").Profile>} */
const doTo = (person, what, body) => call("POST", `/api/people/${encodeURIComponent(person)}/${what}`, body);

/** @param {string} person @param {boolean} ignored */
export const ignore = (person, ignored) => doTo(person, "ignore", { ignored });

/** @param {string} person @param {string} role */
export const setRole = (person, role) => doTo(person, "role", { role });

/** @param {string} person @param {string} reason @param {boolean} erase deletes what he said in the last hour */
export const ban = (person, reason, erase) => doTo(person, "ban", { reason, erase });

/** @param {string} person */
export const unban = (person) => doTo(person, "unban", {});
