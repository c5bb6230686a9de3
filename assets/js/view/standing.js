/** What somebody is, beside the name: the same element that the server writes into the page. */

import { el } from "../dom.js";
import { roleOf } from "../standing.js";
import { text } from "../text.js";

const CALLED = /** @type {const} */ ({ guest: "role.guest", member: "role.member", moderator: "role.moderator", host: "role.host" });

/** @param {string} id @returns {HTMLElement[]} nothing where it is not known */
export function standing(id) {
  const role = roleOf(id);
  return role ? [el(`span.standing.is-${role}`, {}, text(CALLED[role]))] : [];
}

/** Brings the messages in the page up to what people are now. */
export function refreshStandings() {
  for (const head of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#messages .head"))) {
    const [mark] = standing(head.dataset["by"] ?? "");
    const old = head.querySelector(".standing");
    if (!mark || old?.textContent === mark.textContent) continue;
    if (old) old.replaceWith(mark);
    else head.querySelector(".name")?.after(" ", mark);
  }
}
