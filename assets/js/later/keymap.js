/** The map of the keys, made of the tables by which they act. */

import { el } from "../dom.js";
import { text } from "../text.js";
import { MARKS } from "../view/writing.js";
import { openDialog } from "./dialog.js";

/** @typedef {import("../types.js").KeyEntry} KeyEntry */

const SIGNS = { ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc", Delete: "Del", Control: /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl", " ": "␣" };
/** @type {Record<string, import("../text.js").Key>} */
const MARKED = { "**": "keys.bold", "*": "keys.italic", "`": "keys.code" };

/** @param {readonly import("../keys.js").Shortcut[]} anywhere @param {KeyEntry[]} atMessage */
export function openKeymap(anywhere, atMessage) {
  /** what composer.js, messages.js and writing.js do @type {KeyEntry[]} */
  const writing = [
    { keys: ["Enter"], label: text("keys.send") },
    { keys: ["Shift+Enter"], label: text("keys.line") },
    { keys: ["ArrowUp"], label: text("keys.edit_last") },
    ...[...MARKS].map(([key, mark]) => ({ keys: [`Control+${key}`], label: text(MARKED[mark] ?? "keys.code") })),
  ];
  const dialog = openDialog(text("keys.title"), el("div.keymap", {},
    part(text("keys.anywhere"), anywhere.map(({ keys, says }) => ({ keys, label: text(says) }))),
    part(text("keys.writing"), writing),
    part(text("keys.at_message"), atMessage)));
  dialog.classList.add("wide");
}

/** @param {string} title @param {KeyEntry[]} entries */
const part = (title, entries) => (entries.length === 0 ? "" : el("section", {}, el("h3", {}, title), el("ul", {},
  ...entries.map(({ keys, label }) => el("li", { "data-keys": keys.join(" ") }, el("span", {}, label), el("span.strokes", {}, ...keys.map(stroke)))))));

/** @param {string} chord "Alt+ArrowUp" */
const stroke = (chord) => el("kbd", {}, ...(chord.length > 1 ? chord.split("+") : [chord]).flatMap((key, i) => [
  ...(i > 0 ? [" "] : []), el("span", {}, Object.entries(SIGNS).find(([name]) => name === key)?.[1] ?? (key.length === 1 ? key.toUpperCase() : key))]));
