/** Somebody, and what one may do with him. What that is the server says, when it opens. */

import { el } from "../dom.js";
import { hue, initial } from "../person.js";
import { text } from "../text.js";
import { standing } from "../view/standing.js";
import { labelled, openDialog, trouble } from "./dialog.js";
import * as people from "./people.js";

/**
 * @typedef {import("../types.js").Profile} Profile
 * @typedef {typeof import("../api.js")} Api
 */

/** @param {{api: Api, go: (room: string) => void, person: string, room: string}} options `room` is where one met him */
export async function aboutPerson({ api, go, person, room }) {
  const { line, attempt } = trouble();
  const found = await people.profile(person, room).catch((/** @type {Error} */ error) => error);
  if (found instanceof Error) {
    line.textContent = found.message;
    openDialog(text("person.nobody"), line);
    return;
  }
  /** @type {Profile} */
  let who = found;
  const body = el("div.person-card", {});
  const dialog = openDialog(who.name, body, line);
  dialog.classList.add("person-sheet");
  show();
  /** @type {HTMLElement | null} */ (body.querySelector("button"))?.focus();

  function show() {
    const may = (/** @type {string} */ what) => who.may?.includes(what) ?? false;
    const doing = (/** @type {() => Promise<unknown>} */ what) => () => void attempt(what);
    const item = (/** @type {string} */ label, /** @type {() => void} */ act, danger = false) =>
      el(`button.item${danger ? ".danger" : ""}`, { type: "button", onclick: act }, label);
    const role = who.role === "moderator" ? "member" : "moderator";
    body.replaceChildren(
      el("p.person-head", {}, el(`span.avatar.hue-${hue(who.id)}`, { "aria-hidden": "true" }, initial(who.name)), ...standing(who.id),
        ...(who.banned ? [el("span.you", {}, text("person.banned"))] : who.here ? [el("span.you", {}, text("person.here"))] : [])),
      ...(may("talk") ? [item(text("person.talk"), doing(async () => go((await api.direct([who.id])).room)))] : []),
      ...(may("ignore") || may("unignore") ? [item(text(may("ignore") ? "person.ignore" : "person.unignore"), doing(async () => become(await people.ignore(who.id, may("ignore")))))] : []),
      ...(may("role") && who.role !== "host" ? [item(text(role === "moderator" ? "person.make_moderator" : "person.make_member"),
        doing(async () => become(await people.setRole(who.id, role))))] : []),
      ...(may("remove") ? [item(text("person.remove"), doing(async () => {
        await api.remove(room, who.id);
        become(await people.profile(who.id, room));
      }), true)] : []),
      ...(may("ban") ? [item(text("person.ban"), ask, true)] : []),
      ...(may("unban") ? [item(text("person.unban"), doing(async () => become(await people.unban(who.id))))] : []));
  }

  /** @param {Profile} now */
  function become(now) {
    who = now;
    show();
    /** @type {HTMLElement | null} */ (body.querySelector("button") ?? dialog.querySelector("button"))?.focus();
  }

  function ask() {
    const reason = el("input", { maxlength: 200, dir: "auto", autocomplete: "off" });
    const erase = el("input", { type: "checkbox" });
    const form = el("form", {}, el("h3", {}, text("person.ban_question", { name: who.name })), labelled(text("person.reason"), reason),
      el("label.choice", {}, erase, el("span", {}, text("person.erase"))),
      el("div.actions", {}, el("button.primary.danger", { type: "submit" }, text("person.ban")),
        el("button.plain", { type: "button", onclick: () => become(who) }, text("person.cancel"))));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void attempt(async () => become(await people.ban(who.id, reason.value, erase.checked)));
    });
    body.replaceChildren(form);
    reason.focus();
  }
}
