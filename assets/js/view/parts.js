/** What stands with a message's text: what it answers, that it was edited or pinned, and reactions. */

import { fullDate, shortTime, timeOfDay } from "../dates.js";
import { el } from "../dom.js";
import { moderates } from "../standing.js";
import { list, number, text } from "../text.js";

/**
 * @typedef {import("../types.js").Message} Message
 * @typedef {import("../types.js").Quote} Quote
 * @typedef {import("../types.js").Reaction} Reaction
 */

let reader = "";

/** Who looks at the page: his own reactions are marked. @param {string} id */
export const readBy = (id) => { reader = id; };

/** @param {HTMLElement} li @param {Message} message */
export function showParts(li, message) {
  showQuote(li, message.deleted ? undefined : message.reply, message.room);
  const parts = [
    ...(message.pinned ? [el(`span.pinned${message.waits?.pin ? ".waiting" : ""}`, {}, text("message.pinned"))] : []),
    ...(message.waits?.delete ? [el("span.waiting", {}, text("message.will_be_deleted"))] : []),
    ...(message.edited_at ? [edited(message.by.id, new Date(message.edited_at), li.querySelector(".revisions") !== null)] : []),
    ...(message.reactions?.map(chip) ?? []),
    ...(message.thread?.root === message.id ? [answers(message, message.thread)] : []),
  ];
  if (message.deleted) li.querySelector(".revisions")?.remove();
  li.classList.toggle("is-going", message.waits?.delete !== undefined);
  li.classList.toggle("is-pinned", message.pinned === true);
  const old = li.querySelector(".foot");
  const focused = old?.contains(document.activeElement) ? partName(document.activeElement) : undefined;
  if (parts.length === 0) {
    old?.remove();
  } else {
    const foot = old ?? el("div.foot", { "aria-live": "off" });
    foot.replaceChildren(...parts);
    if (!old) li.querySelector(".text")?.after(foot);
  }
  if (focused === undefined) return;
  const again = /** @type {HTMLElement | undefined} */ (parts.find((part) => partName(part) === focused));
  (again ?? li).focus({ preventScroll: true });
}

/** By what a part is found again that was made anew. @param {Element | null} part */
const partName = (part) => part?.getAttribute("data-emoji") ?? part?.className;

/** @param {Message} message @param {import("../types.js").Thread} thread that it began */
function answers({ room, id }, { answers, last_at }) {
  const words = text("message.answers", { count: answers });
  const last = last_at === undefined ? "" : ` · ${text("message.last_answer", { time: shortTime(new Date(last_at), new Date()) })}`;
  return el("a.answers", { href: `/r/${room}/${id}#thread-${id}`, "data-thread": id }, words + last);
}

/** @param {HTMLElement} li @param {Quote | undefined} reply @param {string} room */
export function showQuote(li, reply, room) {
  li.querySelector(".quote")?.remove();
  if (!reply) return;
  const words = reply.deleted ? [el("span.quoted", {}, text("message.deleted"))]
    : [el("bdi.author", {}, reply.by?.name ?? ""), " ", el("span.quoted", { dir: "auto" }, reply.text ?? "")];
  li.querySelector(".text")?.before(el("a.quote", { href: `/r/${room}/${reply.id}`, "data-to": reply.id }, el("span.hidden", {}, `${text("message.in_answer_to")} `), ...words));
}

/** Who may read what it said before is led there. @param {string} by @param {Date} at @param {boolean} open */
function edited(by, at, open) {
  const [title, words] = [text("message.edited_on", { date: fullDate(at) }), text("message.edited_at", { time: timeOfDay(at) })];
  if (by !== reader && !moderates(reader)) return el("span.edited", { title }, words);
  return el("button.edited", { type: "button", title, "aria-expanded": String(open) }, words);
}

/** @param {Reaction} reaction */
function chip({ emoji, count, by, waiting }) {
  const mine = by.some(({ id }) => id === reader);
  const names = by.map(({ id, name }) => id === reader ? text("people.you") : name);
  const more = count - names.length;
  const who = list([...names, ...(more > 0 ? [text("message.others", { count: more })] : [])]);
  const told = `${emoji} ${number(count)}: ${who}`;
  return el(`button.chip${waiting ? ".waiting" : ""}`, { type: "button", "data-emoji": emoji, "aria-pressed": String(mine), title: `${emoji} ${who}`, "aria-label": waiting ? `${told} (${text("message.waiting")})` : told },
    el("span.emoji", {}, emoji), el("span.count", {}, number(count)));
}
