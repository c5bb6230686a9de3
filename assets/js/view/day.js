/** The line above the first message of a day. */

import { dayLabel, dayOf } from "../dates.js";
import { el } from "../dom.js";

/** @param {Date} at */
export const dayLine = (at) => el("li.day", { "aria-live": "off" }, el("time", { datetime: dayOf(at) }, dayLabel(at, new Date())));
