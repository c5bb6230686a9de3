/** The list of pinned messages. */

import { pins } from "../api.js";
import { dayLabel, fullDate, timeOfDay } from "../dates.js";
import { byId, el } from "../dom.js";
import { text } from "../text.js";

/** @typedef {import("../types.js").Message} Message */

/** Fills the panel, which going to a message closes. @param {HTMLElement} panel @param {{room: string, unpin?: (id: string) => void, jump: (id: string) => void}} on */
export async function openPins(panel, { room, unpin, jump }) {
  const found = await pins(room).catch((error) => error);
  fillPins(byId("pins-list", HTMLElement), found.messages ?? found.message, {
    room,
    unpin,
    jump(id) {
      panel.hidePopover();
      jump(id);
    },
  });
}

/**
 * @param {HTMLElement} list
 * @param {Message[] | string} messages newest pin first; or why they could not be had
 * @param {{room: string, unpin?: (id: string) => void, jump: (id: string) => void}} on
 */
function fillPins(list, messages, { room, unpin, jump }) {
  if (typeof messages === "string") return list.replaceChildren(el("li.none", {}, messages));
  if (messages.length === 0) return list.replaceChildren(el("li.none", {}, text("pins.none")));
  list.replaceChildren(...messages.map((m) => el("li", {},
    el("a", { href: `/r/${room}/${m.id}`, onclick(event) { if (plain(event)) { event.preventDefault(); jump(m.id); } } },
      el("span.who", {}, el("bdi", {}, m.by.name), " ", time(new Date(m.at))),
      el("span.what", { dir: "auto" }, m.text ?? "")),
    ...(unpin ? [el("button.plain", { type: "button", onclick: () => unpin(m.id) }, text("message.unpin"))] : []))));
}

/** @param {Date} at */
const time = (at) => el("time", { datetime: at.toISOString(), title: fullDate(at) }, `${dayLabel(at, new Date())}, ${timeOfDay(at)}`);

/** Not into another window. @param {Event} event */
const plain = (event) => event instanceof MouseEvent && !event.ctrlKey && !event.metaKey && !event.shiftKey;
