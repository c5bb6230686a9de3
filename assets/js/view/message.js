/** One message as an element: the same structure that the server writes into the page. */

import { fullDate, timeOfDay } from "../dates.js";
import { el } from "../dom.js";
import { hue, initial } from "../person.js";
import { text } from "../text.js";
import { showServerHTML } from "../trusted.js";
import { dress } from "./code.js";
import { showParts, showQuote } from "./parts.js";
import { standing } from "./standing.js";

/**
 * @typedef {import("../types.js").Message} Message
 * @typedef {import("../types.js").OutboxItem} OutboxItem
 * @typedef {import("../types.js").Person} Person
 * @typedef {{retry: () => void, edit: (cid: string) => void, discard: (cid: string) => void}} Actions
 */

/** @param {Message} message */
export function messageElement(message) {
  const li = frame(message.by, new Date(message.at));
  identify(li, message);
  showText(li, message);
  return li;
}

/** A message of one's own that the server does not have yet. @param {OutboxItem} item @param {Person} me */
export function pendingElement(item, me) {
  const li = frame(me, new Date(item.at));
  li.dataset["cid"] = item.cid;
  part(li, ".text").textContent = item.text;
  showQuote(li, item.reply, item.room);
  return li;
}

/**
 * The server has it: the same element becomes the message.
 * @param {HTMLElement} li @param {Message} message
 */
export function confirmElement(li, message) {
  identify(li, message);
  fillTime(li, new Date(message.at));
  if (message.html || message.deleted || part(li, ".text").textContent !== message.text) showText(li, message);
  else showParts(li, message);
}

/** @param {HTMLElement} li @param {Message} message */
export function showText(li, message) {
  const element = part(li, ".text");
  li.classList.toggle("deleted", message.deleted === true);
  if (message.deleted) element.textContent = text("message.deleted");
  else if (message.html) showMarkup(element, message.html);
  else element.textContent = message.text ?? "";
  showParts(li, message);
}

/** @param {HTMLElement} element @param {string} html */
function showMarkup(element, html) {
  showServerHTML(element, html);
  dress(element);
}

/** The server wrote it into the page. @param {HTMLElement} li @param {Message} message */
export function adoptElement(li, message) {
  fillTime(li, new Date(message.at));
  if (message.deleted) showText(li, message);
  else if (message.html) dress(part(li, ".text"));
  showParts(li, message);
}

/** @param {HTMLElement} li @param {Date} at */
export function fillTime(li, at) {
  const time = part(li, "time");
  time.setAttribute("datetime", at.toISOString());
  time.title = fullDate(at);
  time.textContent = timeOfDay(at);
}

/**
 * Says where one's own message is on its way: a sign beside it, and words and buttons where there is trouble.
 * @param {HTMLElement} li @param {OutboxItem} item @param {Actions} actions
 */
export function showState(li, item, actions) {
  li.dataset["state"] = item.state;
  const sign = li.querySelector(".state") ?? li.appendChild(el("span.state", {}, el("span.hidden")));
  const words = { waiting: text("message.waiting"), sending: text("message.sending"), sent: text("message.sent"), failed: text("message.failed") }[item.state];
  const hidden = part(sign, ".hidden");
  if (hidden.textContent !== words) hidden.textContent = words;
  const trouble = troubleOf(item);
  const shown = li.querySelector(".trouble");
  if (shown?.firstChild?.textContent === trouble) return; // a button must not vanish under the finger
  shown?.remove();
  if (!trouble) return;
  const button = (/** @type {string} */ label, /** @type {() => void} */ act) => el("button.plain", { type: "button", onclick: act }, label);
  const failed = item.state === "failed";
  li.append(el("div.trouble", { role: failed ? "alert" : undefined }, el("span", {}, trouble), ...(failed
    ? [button(text("message.edit"), () => actions.edit(item.cid)), button(text("message.discard"), () => actions.discard(item.cid))]
    : [button(text("message.retry"), actions.retry)])));
}

/** @param {OutboxItem} item */
function troubleOf(item) {
  if (item.state === "failed") return text("message.failed_why", { reason: item.reason ?? "" }).trim();
  if (!item.slow || item.state === "sent") return "";
  return item.reason ? text("message.slow_why", { reason: item.reason }) : text("message.slow");
}

/** @param {Person} by @param {Date} at */
function frame(by, at) {
  const li = el("li.message", {},
    el(`span.avatar.hue-${hue(by.id)}`, { "aria-hidden": "true" }, initial(by.name)),
    el("p.head", { "data-by": by.id }, el("bdi.name", {}, by.name), ...standing(by.id).flatMap((mark) => [" ", mark]), " ", el("time")),
    el("div.text", { dir: "auto" }));
  fillTime(li, at);
  return li;
}

/** @param {HTMLElement} li @param {Message} message */
function identify(li, message) {
  li.id = `m-${message.id}`;
  li.dataset["id"] = message.id;
}

/** @param {Element} li @param {string} selector */
const part = (li, selector) => /** @type {HTMLElement} */ (li.querySelector(selector));
