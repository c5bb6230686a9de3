/** The quick switcher: a field, and under it the rooms, people and commands that fit, best first. */

import { el } from "../dom.js";
import { text } from "../text.js";

/**
 * @typedef {import("../types.js").Room} Room
 * @typedef {import("../types.js").Person} Person
 * @typedef {{title: string, kind: string, act: () => void}} Entry
 */

const SHOWN = 9;

/**
 * How well a title fits what was typed: 0 not at all; from its beginning is best, then a word's, then anywhere, then the letters in order.
 * @param {string} title @param {string} typed both in lower case
 */
export function fit(title, typed) {
  if (title.startsWith(typed)) return 4;
  if (title.split(/[\s,_-]+/).some((word) => word.startsWith(typed))) return 3;
  if (title.includes(typed)) return 2;
  let at = 0;
  for (const letter of title) if (letter === typed[at]) at++;
  return at === typed.length ? 1 : 0;
}

/**
 * @param {{rooms: Room[], recent: string[], me: string, go: (room: string) => void, talk: (person: string) => Promise<void>,
 *   people: (name: string) => Promise<{people: Person[]}>, commands: {title: string, act: () => void}[]}} options
 */
export function openSwitcher({ rooms, recent, me, go, talk, people, commands }) {
  if (document.querySelector("dialog.switcher")) return;
  const input = el("input", { role: "combobox", "aria-label": text("switcher.label"), "aria-expanded": "true", "aria-controls": "switcher-list", "aria-autocomplete": "list", placeholder: text("rooms.find"), autocomplete: "off", autofocus: true, id: "switcher-field" });
  const list = el("ul", { role: "listbox", id: "switcher-list", "aria-label": text("switcher.where") });
  const dialog = el("dialog.sheet.switcher", { "aria-label": text("switcher.title") }, input, list);
  /** @type {Person[]} */
  let known = [];
  /** @type {Entry[]} */
  let shown = [];
  let at = 0;

  const places = () => {
    const rank = new Map(recent.map((name, i) => [name, i]));
    const place = (/** @type {Room} */ r) => rank.get(r.room) ?? recent.length;
    return [...rooms].sort((a, b) => Number(b.joined) - Number(a.joined) || place(a) - place(b))
      .map((r) => ({ title: r.title, kind: text(r.direct ? "switcher.conversation" : r.joined ? "switcher.room" : "switcher.to_join"), act: () => go(r.room) }));
  };
  /** @type {() => Entry[]} */
  const everything = () => [...places(),
    ...known.filter(({ id }) => id !== me).map((p) => ({ title: p.name, kind: text("switcher.person"), act: () => void talk(p.id) })),
    ...commands.map((c) => ({ ...c, kind: text("switcher.command") }))];

  const show = () => {
    const typed = input.value.trim().toLowerCase();
    const scored = everything().map((entry) => ({ entry, score: typed === "" ? 1 : fit(entry.title.toLowerCase(), typed) }));
    shown = scored.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score).slice(0, SHOWN).map(({ entry }) => entry);
    at = 0;
    list.replaceChildren(...shown.map((entry, i) => el("li", { role: "option", id: `switcher-${i}`, onclick: () => take(i) },
      el("bdi", {}, entry.title), el("span.kind", {}, entry.kind))));
    if (shown.length === 0) list.append(el("li.none", {}, text("switcher.nothing")));
    point();
  };
  const point = () => {
    [...list.children].forEach((li, i) => li.setAttribute("aria-selected", String(i === at && shown.length > 0)));
    input.setAttribute("aria-activedescendant", shown.length > 0 ? `switcher-${at}` : "");
    list.children[at]?.scrollIntoView({ block: "nearest" });
  };
  const take = (/** @type {number} */ i) => {
    const entry = shown[i];
    dialog.close();
    entry?.act();
  };

  input.addEventListener("input", show);
  dialog.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown.length > 0) at = (at + step + shown.length) % shown.length;
    else if (event.key === "Enter") take(at);
    else return;
    event.preventDefault();
    point();
  });
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  show();
  people("").then((answer) => {
    known = answer.people;
    if (dialog.open) show();
  }, () => {});
}
