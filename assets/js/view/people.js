/** Who is here: a list beside the room, behind a button on small screens. */

import { el } from "../dom.js";
import { hue, initial } from "../person.js";
import { text } from "../text.js";

/** @typedef {import("../presence.js").Presence} Presence */

/**
 * @param {Presence} presence
 * @param {string} me the id
 * @param {{list: HTMLElement, title: HTMLElement, count: HTMLElement}} elements
 */
export function showPeople(presence, me, { list, title, count }) {
  count.textContent = text("people.here", { count: presence.count });
  title.textContent = text("people.title_count", { count: presence.count });
  const people = presence.people();
  list.replaceChildren(...(people
    ? people.map((person) => el("li", {},
      el(`span.avatar.small.hue-${hue(person.id)}`, { "aria-hidden": "true" }, initial(person.name)),
      el("bdi", {}, person.name),
      ...(person.id === me ? [el("span.you", {}, text("people.you"))] : [])))
    : [el("li", {}, text("people.many"))]));
}

/** Closes the list when it has become a column of the page. @param {HTMLElement} aside */
export function followWidth(aside) {
  matchMedia("(min-width: 62rem)").addEventListener("change", (wide) => wide.matches && aside.hidePopover());
}
