/** What a message said before it was edited, under its text. */

import { dayLabel, fullDate, timeOfDay } from "../dates.js";
import { el } from "../dom.js";
import { text } from "../text.js";

/** @typedef {import("../types.js").Revision} Revision */

/**
 * Shows them, or takes them away again.
 * @param {HTMLElement} li
 * @param {() => Promise<{revisions: Revision[]}>} load
 */
export async function toggleRevisions(li, load) {
  const open = li.querySelector(".revisions");
  open?.remove();
  mark(li, !open);
  if (open) return;
  const list = el("ol.revisions", { "aria-label": text("message.earlier"), "aria-live": "off" });
  li.querySelector(".foot")?.after(list);
  const found = await load().catch((error) => String(error.message));
  if (typeof found === "string") return list.replaceChildren(el("li", {}, found));
  list.replaceChildren(...found.revisions.slice(0, -1).map((was) => el("li", {}, time(new Date(was.at)), el("p", { dir: "auto" }, was.text))));
}

/** @param {HTMLElement} li @param {boolean} open */
const mark = (li, open) => li.querySelector("button.edited")?.setAttribute("aria-expanded", String(open));

/** @param {Date} at */
const time = (at) => el("time", { datetime: at.toISOString(), title: fullDate(at) }, `${dayLabel(at, new Date())}, ${timeOfDay(at)}`);
