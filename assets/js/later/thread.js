/**
 * A thread beside the room: the message that began it, its answers, and a field to answer in. A column on a wide screen; on a
 * narrow one it lies over the room, which cannot be reached meanwhile.
 */

import { dayOf } from "../dates.js";
import { soon } from "../dom.js";
import { Draft } from "../draft.js";
import { History } from "../history.js";
import { Store, beginning } from "../store.js";
import { text } from "../text.js";
import { Composer } from "../view/composer.js";
import { MessageList } from "../view/message-list.js";
import { loadMore } from "../view/more.js";
import { Scroll } from "../view/scroll.js";
import { helpWriting } from "../view/writing.js";
import { threadFrame } from "./thread-frame.js";

/**
 * @typedef {import("../types.js").Message} Message
 * @typedef {import("../types.js").OutboxItem} OutboxItem
 * @typedef {{room: {room: string, title: string}, me: import("../types.js").Person, writable: boolean, limitBytes: number, shelf: import("../types.js").Shelf,
 *   outbox: import("../outbox.js").Outbox, live: boolean, typed: () => void,
 *   load: (root: string, place: import("../types.js").Place) => Promise<import("../types.js").ThreadPage>, order: import("./slash.js").Order,
 *   callable: () => Promise<import("./suggest.js").Callable>, hide: () => void, hidden: (root: string) => void,
 *   reach: (thread: Thread, parts: {scroller: HTMLElement, list: HTMLElement, field: HTMLElement | null}) => unknown}} Options
 *   `live` as of History, `hide` when the reader is done with it, `hidden` when it is gone; `reach` lets messages be reacted to, edited and so on
 */

export class Thread {
  root;
  #o;
  #frame;
  #scroll;
  #first;
  #answers;
  #history;
  #lists;
  #composer;
  #closed = false;
  /** answers until the next frame @type {Message[]} */
  #arrived = [];

  /** @param {string} root @param {Options} options */
  constructor(root, options) {
    this.root = root;
    this.#o = options;
    const { room, me, outbox } = options;
    const frame = this.#frame = threadFrame(root, room.title, options.writable, options.hide);
    document.body.append(frame.section);
    this.#scroll = new Scroll(frame.scroller, frame.answers, () => {});
    const actions = {
      retry: () => outbox.retry(),
      edit: (/** @type {string} */ cid) => {
        this.#composer?.takeBack(outbox.get(cid)?.text ?? "");
        outbox.remove(cid);
      },
      discard: (/** @type {string} */ cid) => {
        outbox.remove(cid);
        this.focus();
      },
    };
    const listOf = (/** @type {HTMLElement} */ list) => new MessageList({ list, me, actions, heard: () => {} });
    this.#lists = { first: listOf(frame.first), answers: listOf(frame.answers) };
    this.#first = new Store(room.room);
    this.#answers = new Store(room.room);
    this.#first.onChange((change) => this.#show(() => this.#lists.first.apply(change, this.#first.messages)));
    this.#answers.onChange((change) => {
      if (change.what === "append") {
        if (this.#arrived.length === 0) soon(() => this.#showArrived());
        this.#arrived.push(...change.messages);
        return;
      }
      this.#showArrived();
      this.#show(() => this.#lists.answers.apply(change, this.#answers.messages));
    });
    this.#history = new History(this.#answers, (place) => this.#load(place));
    this.#history.live(options.live);
    this.#composer = this.#compose();
    options.reach(this, { scroller: frame.scroller, list: frame.timeline, field: frame.field });
    this.reload().then(() => loadMore({
      scroller: frame.scroller, row: frame.older, loading: text("history.loading"), failed: text("history.failed"), load: () => this.#history.older(),
    }));
    this.focus();
  }

  /** @param {string} id */
  get(id) {
    return this.#answers.get(id) ?? this.#first.get(id);
  }

  focus() {
    if (this.#frame.field) this.#composer?.focus();
    else this.#frame.scroller.focus({ preventScroll: true });
  }

  /** Whatever the server tells. @param {import("../types.js").Frame} frame */
  heard(frame) {
    if (frame.kind === "reset") return void this.reload(true);
    if (!("id" in frame) || !("room" in frame)) return;
    if (frame.kind !== "message.posted") this.#first.apply(frame);
    else if (frame.thread?.root !== this.root) return;
    else if (this.get(this.root)) this.#first.count(frame.thread);
    this.#history.take(inThread(this.root, frame));
  }

  /** As of History. What was told before a page that came meanwhile is not behind it: then the newest come again. @param {boolean} now */
  live(now) {
    this.#history.live(now);
    if (now && this.#answers.hasNewer) void this.reload();
  }

  /** An own message is on its way, has arrived, or was given up. @param {OutboxItem} item @param {boolean} gone */
  show(item, gone) {
    if (item.reply?.root !== this.root) return;
    this.#showArrived();
    this.#show(() => this.#lists.answers.show(item, gone));
  }

  /** @param {boolean} [told] as of History */
  async reload(told) {
    if (!await this.#history.reload(told)) return;
    this.#frame.loading.remove();
    for (const item of this.#o.outbox.items) this.show(item, false);
    this.#scroll.toBottom();
  }

  /** Takes it off the page. The text that was begun is kept. */
  close() {
    this.#closed = true;
    this.#composer?.save();
    const focused = this.#frame.section.contains(document.activeElement);
    this.#frame.remove();
    if (focused || document.activeElement === document.body) this.#o.hidden(this.root);
  }

  /** @param {import("../types.js").Place} place @returns {Promise<import("../types.js").Page>} */
  async #load(place) {
    const page = await this.#o.load(this.root, place).catch((error) => {
      if (!error.final) throw error;
      this.#frame.loading.textContent = error.message;
      return null;
    });
    if (!page || this.#closed) return new Promise(() => {}); // nothing more is asked for
    if (!place.before) this.#first.replace([page.root], false);
    return { ...page, messages: page.messages.map((message) => inThread(this.root, message)) };
  }

  #showArrived() {
    const messages = this.#arrived;
    this.#arrived = [];
    if (messages.length > 0) this.#show(() => this.#lists.answers.apply({ what: "append", messages }, this.#answers.messages));
  }

  /** @param {() => void} change */
  #show(change) {
    this.#scroll.keep(change);
    const { section, answers, older } = this.#frame;
    for (const li of section.querySelectorAll("li[id]")) li.removeAttribute("id"); // the one in the room has it
    older.hidden = !this.#answers.hasOlder;
    const [first, next] = [this.#first.messages[0], this.#answers.messages[0]];
    answers.classList.toggle("same-day", first !== undefined && dayOf(new Date(first.at)) === dayOf(new Date(next?.at ?? Date.now())));
  }

  #compose() {
    const { form, field, note } = this.#frame;
    const { outbox, room, me, shelf, limitBytes, typed, callable, order } = this.#o;
    if (!form || !field) return null;
    const composer = new Composer({
      form, field, note, limitBytes, typed,
      draft: new Draft(shelf, me.id, `${room.room}.${this.root}`),
      send: (words) => {
        const first = this.get(this.root);
        outbox.add(room.room, words, { reply: { id: this.root, root: this.root, by: first?.by, text: beginning(first?.text ?? ""), ...(first?.deleted && { deleted: true }) } });
        this.#scroll.toBottom();
      },
    });
    helpWriting({ form, note, callable, order });
    return composer;
  }
}

/**
 * An event as the thread shows it: a copy, because the room changes its own; and what answers the first message need not quote it.
 * @template {import("../types.js").Kept} K
 * @param {string} root @param {K} event @returns {K}
 */
function inThread(root, event) {
  const copy = structuredClone(event);
  if (copy.kind === "message.posted" && copy.reply?.id === root) delete copy.reply;
  return copy;
}
