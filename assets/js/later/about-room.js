/** What a room is, who is in it, and what one may do with it. */

import { el } from "../dom.js";
import { hue, initial } from "../person.js";
import { text } from "../text.js";
import { chooser } from "./converse.js";
import { levels } from "./levels.js";
import { labelled, openDialog, trouble } from "./dialog.js";
import { slow } from "./people.js";
import { duration } from "./slow.js";

/**
 * @typedef {import("../types.js").Room} Room
 * @typedef {typeof import("../api.js")} Api
 */

const PACES = [0, 5, 10, 30, 60, 300, 900, 3600]; // seconds

/** @param {{api: Api, go: (room: string) => void, me: string, room: Room}} options */
export async function aboutRoom({ api, go, me, room }) {
  const lobby = room.room === "lobby"; // everybody is there
  const first = lobby ? null : await api.members(room.room).catch(() => null); // before it opens, so that nothing moves then
  const may = (/** @type {string} */ what) => room.may?.includes(what) ?? false;
  const { line, attempt } = trouble();
  const button = (/** @type {string} */ label, /** @type {() => void} */ act) => el("button.plain", { type: "button", onclick: act }, label);

  /** @type {Node[]} */
  const parts = [];

  if (may("change")) {
    const title = el("input", { value: room.title, maxlength: 100, required: true, dir: "auto" });
    const topic = el("input", { value: room.topic ?? "", maxlength: 200, dir: "auto", placeholder: text("room.topic_ask") });
    const form = el("form", {}, labelled(text("room.title_field"), title), labelled(text("room.topic"), topic), el("button.primary", { type: "submit" }, text("form.save")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void attempt(() => api.changeRoom(room.room, { title: title.value, topic: topic.value })).then((done) => done && dialog.close());
    });
    parts.push(form);
  } else if (room.topic) {
    parts.push(el("p", {}, room.topic));
  }

  if (may("slow")) {
    const pace = el("select", {}, ...PACES.map((seconds) => el("option", { value: seconds, selected: seconds === (room.slow_s ?? 0) }, seconds ? duration(seconds) : text("slow.off"))));
    pace.addEventListener("change", () => void attempt(() => slow(room.room, Number(pace.value))));
    parts.push(el("form", {}, labelled(text("slow.title"), pace)));
  }

  const members = el("ul.people", { "aria-label": text("room.members") });
  const shown = el("section", {}, el("h3", {}, text("room.members")), members);
  let known = new Set([me]);
  const showMembers = async (/** @type {Awaited<ReturnType<Api["members"]>> | null} */ answer = null) => {
    const { people } = answer ?? await api.members(room.room);
    known = new Set(people.map(({ id }) => id));
    members.replaceChildren(...people.map((person) => {
      const face = [el(`span.avatar.small.hue-${hue(person.id)}`, { "aria-hidden": "true" }, initial(person.name)), el("bdi", {}, person.name)];
      if (person.id === me) return el("li", {}, ...face, el("span.you", {}, text("people.you")));
      return el("li", {}, el("button.person", { type: "button", "data-person": person.id, title: text("people.about", { name: person.name }) }, ...face,
        ...(person.here ? [el("span.you", {}, text("people.present"))] : [])),
        ...(may("remove") ? [el("button.plain", { type: "button", "aria-label": text("people.remove_name", { name: person.name }),
          onclick: () => void attempt(async () => { await api.remove(room.room, person.id); await showMembers(); }) }, text("people.remove"))] : []));
    }));
  };
  if (!lobby) {
    parts.push(shown);
    void attempt(() => showMembers(first));
  }

  const actions = el("div.actions", {});
  if (may("invite")) actions.append(button(text("room.invite_people"), () => {
    const { field, list, chosen } = chooser(api, known);
    const form = el("form", {}, field, list, el("button.primary", { type: "submit" }, text("room.invite")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void attempt(async () => {
        for (const id of chosen.keys()) await api.invite(room.room, id);
        body.replaceChildren(...parts, actions, line);
        await showMembers();
      });
    });
    body.replaceChildren(form, line);
    field.focus();
  }));
  if (room.joined) parts.push(levels(room, (level) => attempt(() => api.setLevel(room.room, level))));
  if (room.joined && !room.direct && !lobby) actions.append(button(text("room.leave"), () => {
    if (!room.private || confirm(text("room.leave_sure"))) void attempt(async () => { await api.leave(room.room); go("lobby"); });
  }));
  if (may("archive")) actions.append(button(text("room.archive"), () => {
    if (confirm(text("room.archive_sure"))) void attempt(async () => { await api.archive(room.room); dialog.close(); });
  }));
  const body = el("div", {}, ...parts, actions, line);
  const dialog = openDialog(room.title, body);
}
