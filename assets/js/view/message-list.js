/**
 * The messages of the room as elements: kept ones in their order, then those still on their way. Grouped by person, with a
 * line for each day. Screen readers hear what others say now; not what is old, and not one's own words.
 */

import { continues, dayLabel, dayOf, untilMidnight } from "../dates.js";
import { dayLine } from "./day.js";
import { adoptElement, confirmElement, messageElement, pendingElement, showState, showText } from "./message.js";
import { readBy } from "./parts.js";

/**
 * @typedef {import("../types.js").Message} Message
 * @typedef {import("../types.js").OutboxItem} OutboxItem
 * @typedef {import("../types.js").Person} Person
 * @typedef {import("../store.js").Change} Change
 * @typedef {import("./message.js").Actions} Actions
 */

const HEARD_AT_ONCE = 5; // more at a time (after a reconnect) are counted, not read out

export class MessageList {
  #list;
  #me;
  #actions;
  #heard;
  /** kept messages by id @type {Map<string, HTMLElement>} */
  #kept = new Map();
  /** one's own, by cid, until the event arrives @type {Map<string, HTMLElement>} */
  #pending = new Map();
  /** @type {WeakMap<Element, {by: string, at: Date, answers: boolean}>} */
  #facts = new WeakMap();

  /**
   * @param {{list: HTMLElement, me: Person, actions: Actions, heard: (count: number) => void}} options
   *   `heard` is told of more new messages than can be read out
   */
  constructor({ list, me, actions, heard }) {
    this.#list = list;
    this.#me = me;
    readBy(me.id);
    this.#actions = actions;
    this.#heard = heard;
    this.#newDay();
  }

  /** Takes over what the server wrote into the page. @param {Message[]} messages */
  adopt(messages) {
    const elements = new Map([...this.#list.children].map((li) => [/** @type {HTMLElement} */ (li).dataset["id"], li]));
    for (const message of messages) {
      const li = /** @type {HTMLElement} */ (elements.get(message.id)) ?? this.#list.appendChild(messageElement(message));
      adoptElement(li, message);
      this.#remember(li, message);
    }
    this.#decorateAll();
  }

  /** Shows the message that the page's address names. @param {string} id */
  point(id) {
    const li = this.#kept.get(id);
    li?.classList.add("pointed");
    li?.scrollIntoView({ block: "center" });
  }

  /**
   * @param {Change} change what became of the store
   * @param {readonly Message[]} messages all that the store holds now
   */
  apply(change, messages) {
    switch (change.what) {
      case "append":
        this.#append(change.messages);
        break;
      case "prepend":
        this.#prepend(change.messages);
        break;
      case "update": {
        const li = this.#kept.get(change.message.id);
        if (li) showText(li, change.message);
        break;
      }
      case "trim":
        for (const { id } of change.messages) this.#remove(id);
        this.#decorateFirst();
        break;
      case "replace":
        this.#replace(messages);
        break;
    }
  }

  /** An own message is on its way, has arrived, or was given up. @param {OutboxItem} item @param {boolean} gone */
  show(item, gone) {
    let li = this.#pending.get(item.cid);
    if (gone) {
      const next = li?.nextElementSibling;
      if (li) this.#detach(li);
      this.#pending.delete(item.cid);
      if (next?.classList.contains("message")) this.#decorate(next);
      return;
    }
    if (!li) {
      if (item.state === "sent") return; // its event came before its ack
      li = pendingElement(item, this.#me);
      li.ariaLive = "off";
      this.#pending.set(item.cid, li);
      this.#facts.set(li, { by: this.#me.id, at: new Date(item.at), answers: item.reply !== undefined });
      this.#list.append(li);
      this.#decorate(li);
    }
    showState(li, item, this.#actions);
  }

  /** @param {Message[]} messages */
  #append(messages) {
    const many = messages.length > HEARD_AT_ONCE;
    for (const message of messages) {
      const mine = message.by.id === this.#me.id;
      const pending = mine && message.cid ? this.#pending.get(message.cid) : undefined;
      const li = pending ?? messageElement(message);
      if (pending && message.cid) {
        this.#pending.delete(message.cid);
        confirmElement(li, message);
      } else if (mine || many) {
        li.ariaLive = "off";
      }
      this.#remember(li, message);
      const after = this.#firstPending();
      if (!li.isConnected || li.nextElementSibling !== after) this.#list.insertBefore(li, after);
      this.#decorate(li);
      const next = this.#after(li);
      if (next) this.#decorate(next);
    }
    const others = messages.filter((m) => m.by.id !== this.#me.id).length;
    if (many && others > 0) this.#heard(others);
  }

  /** @param {readonly Message[]} messages */
  #prepend(messages) {
    const first = this.#list.querySelector(".message");
    const elements = messages.map((message) => {
      const li = messageElement(message);
      li.ariaLive = "off";
      this.#remember(li, message);
      return li;
    });
    this.#list.prepend(...elements);
    for (const li of elements) this.#decorate(li);
    if (first) {
      // its day's line, which stood above everything, may have to go
      const line = this.#list.querySelector(".day:has(+ .message)");
      if (line && line.nextElementSibling === first) line.remove();
      this.#decorate(first);
    }
  }

  /** @param {readonly Message[]} messages */
  #replace(messages) {
    for (const [cid, li] of this.#pending) {
      if (li.dataset["state"] === "sent") this.#pending.delete(cid); // it is in the page, or further up
    }
    this.#kept.clear();
    this.#list.replaceChildren();
    for (const message of messages) {
      const pending = message.by.id === this.#me.id && message.cid ? this.#pending.get(message.cid) : undefined;
      if (pending && message.cid) this.#pending.delete(message.cid);
      const li = messageElement(message);
      li.ariaLive = "off";
      this.#remember(li, message);
      this.#list.append(li);
    }
    this.#list.append(...this.#pending.values());
    this.#decorateAll();
  }

  /** @param {HTMLElement} li @param {Message} message */
  #remember(li, message) {
    this.#kept.set(message.id, li);
    this.#facts.set(li, { by: message.by.id, at: new Date(message.at), answers: message.reply !== undefined });
  }

  /** @param {string} id */
  #remove(id) {
    const li = this.#kept.get(id);
    this.#kept.delete(id);
    if (li) this.#detach(li);
  }

  /** @param {HTMLElement} li with the day's line that belongs to it */
  #detach(li) {
    const line = li.previousElementSibling;
    if (line?.classList.contains("day")) line.remove();
    li.remove();
  }

  /** Where kept messages end: the first own one on its way, or the day's line above it. */
  #firstPending() {
    const li = this.#pending.values().next().value;
    const line = li?.previousElementSibling;
    return line?.classList.contains("day") ? line : li ?? null;
  }

  #decorateAll() {
    for (const li of [...this.#list.children]) if (li.classList.contains("message")) this.#decorate(li);
  }

  #decorateFirst() {
    const first = this.#list.querySelector(".message");
    if (first) this.#decorate(first);
  }

  /** Groups a message with the one before it, or begins a day above it. @param {Element} li */
  #decorate(li) {
    const facts = this.#facts.get(li);
    if (!facts) return;
    const line = li.previousElementSibling?.classList.contains("day") ? li.previousElementSibling : null;
    const before = (line ?? li).previousElementSibling;
    const earlier = before ? this.#facts.get(before) : undefined;
    li.classList.toggle("continued", !facts.answers && continues(earlier, facts));
    line?.remove();
    if (!earlier || dayOf(earlier.at) !== dayOf(facts.at)) li.before(dayLine(facts.at));
  }

  /** @param {Element} li */
  #after(li) {
    let next = li.nextElementSibling;
    while (next && !next.classList.contains("message")) next = next.nextElementSibling;
    return next;
  }

  /** Today becomes Yesterday. */
  #newDay() {
    setTimeout(() => {
      for (const line of this.#list.querySelectorAll(".day > time")) {
        line.textContent = dayLabel(new Date(`${line.getAttribute("datetime")}T12:00`), new Date());
      }
      this.#newDay();
    }, Math.min(untilMidnight(new Date()) + 1_000, 60 * 60_000)); // hourly at least: timers stop while a machine sleeps
  }
}
