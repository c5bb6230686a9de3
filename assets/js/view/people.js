/** Who is here: a list beside the room, behind a button on small screens. */

import { el } from "../dom.js";
import { hue, initial } from "../person.js";
import { learnRoles } from "../standing.js";
import { text } from "../text.js";
import { refreshStandings, standing } from "./standing.js";

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
  learnRoles(people ?? []);
  refreshStandings();
  list.replaceChildren(...(people
    ? people.map((person) => {
      const face = [el(`span.avatar.small.hue-${hue(person.id)}`, { "aria-hidden": "true" }, initial(person.name)), el("bdi", {}, person.name), ...standing(person.id)];
      return el("li", {}, ...(person.id === me ? [...face, el("span.you", {}, text("people.you"))]
        : [el("button.person", { type: "button", "data-person": person.id, title: text("people.talk", { name: person.name }) }, ...face)]));
    })
    : [el("li", {}, text("people.many"))]));
}

/** Closes the list when it has become a column of the page. @param {HTMLElement} aside */
export function followWidth(aside) {
  matchMedia("(min-width: 62rem)").addEventListener("change", (wide) => wide.matches && aside.hidePopover());
}
