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
 */
export function showRooms(rooms, here, elsewhere) {
  const parts = {
    "rooms-joined": rooms.filter((r) => r.joined && !r.direct),
    "rooms-direct": rooms.filter((r) => r.direct),
    "rooms-more": rooms.filter((r) => !r.joined),
  };
  for (const [id, part] of Object.entries(parts)) {
    const section = byId(id, HTMLElement);
    section.hidden = part.length === 0;
    const list = section.querySelector("ul");
    const focused = list?.contains(document.activeElement) && document.activeElement?.getAttribute("href");
    list?.replaceChildren(...part.map((room) => el("li", {}, link(room, here))));
    if (focused) /** @type {HTMLElement | null} */ (list?.querySelector(`[href="${focused}"]`))?.focus();
  }
  const sign = byId("rooms-badge", HTMLElement);
  sign.hidden = elsewhere === 0;
  sign.textContent = badge(elsewhere);
  byId("rooms-button", HTMLElement).setAttribute("aria-label", elsewhere ? text("rooms.button_unread", { unread: badge(elsewhere) }) : text("rooms.title"));
}

/** @param {Room} room @param {string} here */
function link(room, here) {
  const unread = badge(room.unread);
  const a = el("a.room-link", { href: `/r/${room.room}`, "data-room": room.room, "aria-current": room.room === here && "page" },
    el("span.sigil", { "aria-hidden": "true" }), el("bdi", {}, room.title));
  a.classList.toggle("unread", unread !== "");
  a.classList.toggle("muted", room.muted === true);
  if (room.private) a.querySelector(".sigil")?.classList.add(room.direct ? "at" : "lock");
  if (room.muted) a.append(el("span.hidden", {}, ` ${text("rooms.muted")}`));
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
