/** How much one wants to be told of a room: a choice of four, which counts as soon as it is made. */

import { el } from "../dom.js";
import { text } from "../text.js";

/** @typedef {import("../types.js").Level} Level */

/** @param {import("../types.js").Room} room @param {(level: Level) => Promise<boolean>} choose false where that failed */
export function levels(room, choose) {
  /** @type {[Level, string, string][]} */
  const all = [
    ["everything", text("level.everything"), text("level.everything_hint")],
    ["mentions", text("level.mentions"), text("level.mentions_hint")],
    ["nothing", text("level.nothing"), text("level.nothing_hint")],
    ["invisible", text("level.invisible"), text("level.invisible_hint")],
  ];
  const hint = el("small", {});
  let kept = room.level ?? "everything";
  const field = el("select", { name: "level" }, ...all.map(([level, label]) => el("option", { value: level, selected: level === kept }, label)));
  const explain = () => { hint.textContent = all.find(([level]) => level === field.value)?.[2] ?? ""; };
  field.addEventListener("change", async () => {
    const level = /** @type {Level} */ (field.value);
    explain();
    if (await choose(level)) kept = level;
    field.value = kept;
    explain();
  });
  explain();
  return el("label.field.level", {}, el("span", {}, text("level.title")), field, hint);
}
