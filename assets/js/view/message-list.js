/**
 * The messages of the room as elements: kept ones in their order, then those still on their way. Screen readers hear what
 * others say now; not what is old, and not one's own words.
 */

import { Grouping } from "./grouping.js";
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
  #grouping;

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
    this.#grouping = new Grouping(list);
  }

  /** Takes over what the server wrote into the page. @param {Message[]} messages */
  adopt(messages) {
    const elements = new Map([...this.#list.children].map((li) => [/** @type {HTMLElement} */ (li).dataset["id"], li]));
    for (const message of messages) {
      const li = /** @type {HTMLElement} */ (elements.get(message.id)) ?? this.#list.appendChild(messageElement(message));
      adoptElement(li, message);
      this.#remember(li, message);
    }
    this.#grouping.all();
  }

  /** @param {string} id @returns {HTMLElement | undefined} */
  find(id) {
    return this.#kept.get(id);
  }

  /** The line "New" stands above this message from now on, "" for none. @param {string} id */
  beginNew(id) {
    this.#grouping.beginNew(id, this.#kept.get(id));
  }

  /** Somebody is writing in it, which would be lost with it. @param {string} id */
  holds(id) {
    return this.#kept.get(id)?.querySelector(".editor") instanceof HTMLElement;
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
      case "extend":
        this.#append(change.messages, true);
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
        this.#trim(change.messages);
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
      if (next?.classList.contains("message")) this.#grouping.decorate(next);
      return;
    }
    if (!li) {
      if (item.state === "sent") return; // its event came before its ack
      li = pendingElement(item, this.#me);
      li.ariaLive = "off";
      this.#pending.set(item.cid, li);
      this.#grouping.remember(li, { by: this.#me.id, at: new Date(item.at), answers: item.reply !== undefined });
      this.#list.append(li);
      this.#grouping.decorate(li);
    }
    showState(li, item, this.#actions);
  }

  /** @param {Message[]} messages @param {boolean} [old] they were not said just now */
  #append(messages, old = false) {
    const many = old || messages.length > HEARD_AT_ONCE;
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
      this.#grouping.decorate(li);
      const next = this.#after(li);
      if (next) this.#grouping.decorate(next);
    }
    const others = messages.filter((m) => m.by.id !== this.#me.id).length;
    if (many && !old && others > 0) this.#heard(others);
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
    for (const li of elements) this.#grouping.decorate(li);
    if (first) this.#grouping.decorate(first); // its day's line, which stood above everything, may have to go
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
    this.#grouping.all();
  }

  /** @param {HTMLElement} li @param {Message} message */
  #remember(li, message) {
    this.#kept.set(message.id, li);
    this.#grouping.remember(li, { by: message.by.id, at: new Date(message.at), answers: message.reply !== undefined }, message.id);
  }

  /** Whoever was at one of them by keyboard goes on from the list. @param {readonly Message[]} messages */
  #trim(messages) {
    for (const { id } of messages) {
      const li = this.#kept.get(id);
      this.#kept.delete(id);
      if (!li) continue;
      if (li.contains(document.activeElement)) /** @type {HTMLElement | null} */ (li.closest(".scroller"))?.focus({ preventScroll: true });
      this.#detach(li);
    }
    const first = this.#list.querySelector(".message");
    if (first) this.#grouping.decorate(first);
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

  /** @param {Element} li */
  #after(li) {
    let next = li.nextElementSibling;
    while (next && !next.classList.contains("message")) next = next.nextElementSibling;
    return next;
  }
}
