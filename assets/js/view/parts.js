/** What stands with a message's text: what it answers, that it was edited or pinned, and reactions. */

import { fullDate, timeOfDay } from "../dates.js";
import { el } from "../dom.js";
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
    ...(message.pinned ? [el("span.pinned", {}, text("message.pinned"))] : []),
    ...(message.edited_at ? [edited(new Date(message.edited_at))] : []),
    ...(message.reactions?.map(chip) ?? []),
  ];
  li.classList.toggle("is-pinned", message.pinned === true);
  const old = li.querySelector(".foot");
  const focused = old?.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset["emoji"] : undefined;
  if (parts.length === 0) {
    old?.remove();
  } else {
    const foot = old ?? el("div.foot", { "aria-live": "off" });
    foot.replaceChildren(...parts);
    if (!old) li.querySelector(".text")?.after(foot);
  }
  if (focused === undefined) return;
  const again = /** @type {HTMLElement | undefined} */ (parts.find((part) => part.dataset["emoji"] === focused));
  (again ?? li).focus({ preventScroll: true });
}

/** @param {HTMLElement} li @param {Quote | undefined} reply @param {string} room */
export function showQuote(li, reply, room) {
  li.querySelector(".quote")?.remove();
  if (!reply) return;
  const words = reply.deleted ? [el("span.quoted", {}, text("message.deleted"))]
    : [el("bdi.author", {}, reply.by?.name ?? ""), " ", el("span.quoted", { dir: "auto" }, reply.text ?? "")];
  li.querySelector(".text")?.before(el("a.quote", { href: `/r/${room}/${reply.id}`, "data-to": reply.id }, el("span.hidden", {}, `${text("message.in_answer_to")} `), ...words));
}

/** @param {Date} at */
const edited = (at) => el("span.edited", { title: text("message.edited_on", { date: fullDate(at) }) }, text("message.edited_at", { time: timeOfDay(at) }));

/** @param {Reaction} reaction */
function chip({ emoji, count, by }) {
  const mine = by.some(({ id }) => id === reader);
  const names = by.map(({ id, name }) => id === reader ? text("people.you") : name);
  const more = count - names.length;
  const who = list([...names, ...(more > 0 ? [text("message.others", { count: more })] : [])]);
  return el("button.chip", { type: "button", "data-emoji": emoji, "aria-pressed": String(mine), title: `${emoji} ${who}`, "aria-label": `${emoji} ${number(count)}: ${who}` },
    el("span.emoji", {}, emoji), el("span.count", {}, number(count)));
}
