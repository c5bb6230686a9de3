/** The list of rooms, as the server writes it into the page. */

import { byId, el } from "../dom.js";
import { text } from "../text.js";

/** @typedef {import("../types.js").Room} Room */

/** @param {number} unread */
export const badge = (unread) => (unread > 99 ? "99+" : unread > 0 ? String(unread) : "");

/**
 * @param {Room[]} rooms
 * @param {string} here the room that is shown
 * @param {number} elsewhere how much is unread in the others
 * @param {number} mentions how much mentions one
 */
export function showRooms(rooms, here, elsewhere, mentions) {
  const parts = {
    "rooms-joined": rooms.filter((r) => r.joined && !r.direct && listed(r, here)),
    "rooms-direct": rooms.filter((r) => r.direct && listed(r, here)),
    "rooms-more": rooms.filter((r) => !r.joined),
  };
  for (const [id, part] of Object.entries(parts)) {
    const section = byId(id, HTMLElement);
    section.hidden = part.length === 0 && !section.querySelector(".add");
    const list = section.querySelector("ul");
    const focused = list?.contains(document.activeElement) && document.activeElement?.getAttribute("href");
    list?.replaceChildren(...part.map((room) => el("li", {}, roomLink(room, here))));
    if (focused) /** @type {HTMLElement | null} */ (list?.querySelector(`[href="${focused}"]`))?.focus();
  }
  const link = byId("mentions-link", HTMLElement);
  link.querySelector(".badge")?.remove();
  link.classList.toggle("unread", mentions > 0);
  if (mentions) link.append(el("span.badge.call", {}, badge(mentions), el("span.hidden", {}, ` ${text("rooms.unread")}`)));
  const sign = byId("rooms-badge", HTMLElement);
  sign.hidden = elsewhere + mentions === 0;
  sign.classList.toggle("call", mentions > 0);
  sign.textContent = mentions ? `@${badge(mentions)}` : badge(elsewhere);
  byId("rooms-button", HTMLElement).setAttribute("aria-label", elsewhere ? text("rooms.button_unread", { unread: badge(elsewhere) }) : text("rooms.title"));
}

/** A room that one made invisible is in the list only while it is shown. @param {Room} room @param {string} here */
const listed = (room, here) => room.level !== "invisible" || room.room === here;

/** @param {Room} room @param {string} here */
function roomLink(room, here) {
  const unread = badge(room.unread);
  const a = el("a.room-link", { href: `/r/${room.room}`, "data-room": room.room, "aria-current": room.room === here && "page" },
    el("span.sigil", { "aria-hidden": "true" }), el("bdi", {}, room.title));
  a.classList.toggle("unread", unread !== "");
  a.classList.toggle("muted", room.level === "nothing" || room.level === "invisible");
  if (room.private) a.querySelector(".sigil")?.classList.add(room.direct ? "at" : "lock");
  if (a.classList.contains("muted")) a.append(el("span.hidden", {}, ` ${text("rooms.muted")}`));
  if (room.mentions) a.append(" ", el("span.badge.call", {}, `@${badge(room.mentions)}`, el("span.hidden", {}, ` ${text("mentions.title")}`)));
  if (unread) a.append(" ", el("span.badge", {}, unread, el("span.hidden", {}, ` ${text("rooms.unread")}`)));
  return a;
}

/** The title and topic of the room that is shown. @param {Room} room */
export function showHeading(room) {
  const [title, topic] = [byId("room-title", HTMLElement), byId("room-topic", HTMLElement)];
  if (title.textContent !== room.title) {
    title.replaceChildren(el("bdi", {}, room.title));
    document.title = `${room.title} · chatd`;
  }
  topic.hidden = !room.topic;
  topic.replaceChildren(el("bdi", {}, room.topic ?? ""));
}

/** Nothing more can be said here. @param {string} words why */
export function closeDoor(words) {
  const shut = el("div.composer.join", { role: "status" }, el("p", {}, words), el("a.primary", { href: "/r/lobby" }, text("rooms.to_lobby")));
  document.querySelector(".entry > .composer")?.replaceWith(shut);
}

/** How much waits for a moderator. @param {number} open */
export function showReports(open) {
  const link = byId("reports", HTMLElement);
  link.hidden = open === 0;
  link.textContent = text("reports.open", { count: open });
}
