/** Making a room: a title, an address that follows from it until it is changed, and who may see it. */

import { el } from "../dom.js";
import { text } from "../text.js";
import { labelled, openDialog, trouble } from "./dialog.js";

/** A room's address made of its title. @param {string} title */
export function addressOf(title) {
  return title.normalize("NFKD").toLowerCase().replace(/[\u0300-\u036f]/g, "").replace(/ß/g, "ss").replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 40);
}

/** @param {{api: typeof import("../api.js"), go: (room: string) => void, title: string}} options */
export function createRoom({ api, go, title }) {
  const name = el("input", { id: "new-title", maxlength: 100, required: true, autocomplete: "off", value: title, autofocus: true, dir: "auto" });
  const address = el("input", { id: "new-address", maxlength: 40, required: true, pattern: "[a-z0-9_\\-]+", autocomplete: "off", autocapitalize: "none", spellcheck: "false", value: addressOf(title) });
  const choice = (/** @type {string} */ value, /** @type {string} */ label, /** @type {string} */ hint, checked = false) => el("label.choice", {},
    el("input", { type: "radio", name: "who", value, checked }), el("span", {}, label, el("small", {}, hint)));
  const recent = el("input", { type: "checkbox", id: "new-recent" });
  const history = el("label.choice", { hidden: true }, recent, el("span", {}, text("room.recent"), el("small", {}, text("room.recent_hint"))));
  const { line, attempt } = trouble();
  const form = el("form", {},
    labelled(text("room.title_field"), name),
    labelled(text("room.address"), address, text("room.address_hint")),
    el("fieldset", {}, el("legend", {}, text("room.who")),
      choice("public", text("room.everybody"), text("room.everybody_hint"), true),
      choice("private", text("room.only_members"), text("room.only_members_hint"))),
    history, line,
    el("button.primary", { type: "submit" }, text("room.create")));
  let proposed = true;
  name.addEventListener("input", () => { if (proposed) address.value = addressOf(name.value); });
  address.addEventListener("input", () => { proposed = address.value === ""; });
  const isPrivate = () => new FormData(form).get("who") === "private";
  form.addEventListener("change", () => { history.hidden = !isPrivate(); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void attempt(async () => {
      await api.createRoom({ room: address.value, title: name.value, private: isPrivate(), recent: isPrivate() && recent.checked });
      go(address.value);
    });
  });
  openDialog(text("rooms.create"), form);
}
