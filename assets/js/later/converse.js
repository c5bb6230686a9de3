/** Choosing people: for a conversation, or to bring them into a room. */

import { el } from "../dom.js";
import { hue, initial } from "../person.js";
import { text } from "../text.js";
import { openDialog, trouble } from "./dialog.js";

/**
 * @typedef {import("../types.js").Person} Person
 * @typedef {typeof import("../api.js")} Api
 */

/**
 * A list of people to tick, with a field that narrows it.
 * @param {Api} api
 * @param {Set<string>} without the ids of those who are not offered
 */
export function chooser(api, without) {
  /** @type {Map<string, Person>} */
  const chosen = new Map();
  const field = el("input", { type: "search", "aria-label": text("people.find"), placeholder: text("people.find"), autocomplete: "off", autofocus: true });
  const list = el("ul.people.choose", {});
  let turn = 0;
  const show = async () => {
    const mine = ++turn;
    const { people } = await api.people(field.value).catch(() => ({ people: [] }));
    if (mine !== turn) return;
    const offered = people.filter(({ id }) => !without.has(id)).slice(0, 50);
    list.replaceChildren(...offered.map((person) => {
      const tick = el("input", { type: "checkbox", value: person.id, checked: chosen.has(person.id) });
      tick.addEventListener("change", () => (tick.checked ? chosen.set(person.id, person) : chosen.delete(person.id)));
      return el("li", {}, el("label", {}, tick, el(`span.avatar.small.hue-${hue(person.id)}`, { "aria-hidden": "true" }, initial(person.name)), el("bdi", {}, person.name),
        ...(person.here ? [el("span.you", {}, text("people.present"))] : [])));
    }));
    if (offered.length === 0) list.append(el("li", {}, text("people.nobody")));
  };
  field.addEventListener("input", () => void show());
  void show();
  return { field, list, chosen };
}

/** @param {{api: Api, go: (room: string) => void, me: string}} options */
export function converse({ api, go, me }) {
  const { field, list, chosen } = chooser(api, new Set([me]));
  const { line, attempt } = trouble();
  const form = el("form", {}, field, list, line, el("button.primary", { type: "submit" }, text("direct.start")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void attempt(async () => go((await api.direct([...chosen.keys()])).room));
  });
  openDialog(text("direct.new"), form);
}
