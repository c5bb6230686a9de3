/**
 * What one can do with a message: joins the parts of it. Toolbar, menu and editor are loaded when somebody first goes near a
 * message, the list of pins and a thread when they are opened.
 */

import { revisions, thread } from "./api.js";
import { Answering } from "./answering.js";
import { byId, el, soon } from "./dom.js";
import { expected } from "./expected.js";
import { pinned } from "./pins.js";
import { reach } from "./reach.js";
import { beginning } from "./store.js";
import { threads } from "./threads.js";
import { showState, showText } from "./view/message.js";

/**
 * @typedef {import("./types.js").Message} Message
 * @typedef {import("./types.js").OutboxItem} OutboxItem
 * @typedef {import("./types.js").Act} Act
 */

const SAID_MS = 6_000;
const QUIET_MS = 1_000; // after everything that the page needs first

/**
 * @param {{state: import("./types.js").PageState, store: import("./store.js").Store, shelf: import("./types.js").Shelf,
 *   outbox: import("./outbox.js").Outbox, scroll: import("./view/scroll.js").Scroll, writable: boolean,
 *   presence: import("./presence.js").Presence, typed: () => void}} options
 *   `writable`: the reader is in the room, and the page goes on live
 */
export function messageActions({ state, store, shelf, outbox, presence, scroll, writable, typed }) {
  const { me, room: { name: room }, limits: { text_bytes: limitBytes } } = state;
  const list = byId("messages", HTMLElement);
  const note = byId("note", HTMLElement);
  const scroller = byId("scroller", HTMLElement);

  const say = (/** @type {string} */ words) => {
    note.textContent = words;
    setTimeout(() => { if (note.textContent === words) note.textContent = ""; }, SAID_MS);
  };

  /** @param {Act["do"]} what @param {string} message @param {string} [emoji] */
  const act = (what, message, emoji) => void outbox.add(room, "", { do: what, message, emoji });

  /** Shows a message as it will stand when what is done with it has arrived. @param {string} id */
  function reshow(id) {
    const message = known(id);
    if (!message) return;
    const edited = outbox.items.find((item) => item.message === id && item.do === "edit");
    for (const li of everywhere(id)) scroll.keep(() => showText(li, expected(message, outbox.items, me)));
    if (edited) showEdit(edited, false);
  }

  const find = (/** @type {string} */ id) => document.getElementById(`m-${id}`);
  const known = (/** @type {string} */ id) => store.get(id) ?? beside.open?.get(id);
  /** A message may stand in the room and in the thread beside it. @returns {NodeListOf<HTMLElement>} */
  const everywhere = (/** @type {string} */ id) => document.querySelectorAll(`li.message[data-id="${CSS.escape(id)}"]`);

  /** @param {string} id @param {HTMLElement | null} [li] @returns {boolean} whether it is in the page */
  function jump(id, li = find(id)) {
    if (!li) return false;
    document.querySelector(".pointed")?.classList.remove("pointed");
    li.classList.add("pointed");
    li.tabIndex = -1;
    li.scrollIntoView({ block: "center" });
    li.focus({ preventScroll: true });
    return true;
  }

  /** Who may be meant by an @, the likeliest first. */
  const people = () => [...(presence.people() ?? []), ...store.messages.map(({ by }) => by)].filter(({ id }) => id !== me.id);

  // --- answering ---

  const field = writable ? byId("text", HTMLTextAreaElement) : null;
  const answering = new Answering(shelf, me.id, room, showAnswering);
  showAnswering(answering.quote);

  /** @param {OutboxItem["reply"]} quote */
  function showAnswering(quote) {
    document.querySelector(".answering")?.remove();
    if (!quote || !field) return;
    document.querySelector("#composer")?.before(el("div.answering", {},
      el("p", {}, "Answering ", el("bdi", {}, quote.by?.name ?? ""), " ", el("span.quoted", { dir: "auto" }, quote.text ?? "")),
      el("button.plain", { type: "button", "aria-label": "Do not answer", onclick() { answering.end(); field.focus(); } }, "×")));
  }

  /** @param {Message} message */
  function answer(message) {
    answering.begin({ id: message.id, root: message.thread?.root ?? message.id, by: message.by, text: beginning(message.text ?? "") });
    field?.focus();
  }

  // --- editing ---

  /** @param {OutboxItem} item an edit @param {boolean} gone */
  function showEdit(item, gone) {
    const message = known(item.message ?? "");
    if (message) for (const li of everywhere(message.id)) scroll.keep(() => showEditIn(li, message, item, gone));
  }

  /** @param {HTMLElement} li @param {Message} message @param {OutboxItem} item @param {boolean} gone */
  function showEditIn(li, message, item, gone) {
    if (gone || message.deleted) {
      delete li.dataset["state"];
      for (const part of li.querySelectorAll(".state, .trouble")) part.remove();
      showText(li, message);
      return;
    }
    if (item.state !== "sent") /** @type {HTMLElement} */ (li.querySelector(".text")).textContent = item.text;
    showState(li, item, {
      retry: () => outbox.retry(),
      discard: (cid) => outbox.remove(cid),
      edit(cid) {
        outbox.remove(cid);
        edit(message, item.text, li);
      },
    });
  }

  const editor = () => import("./later/editor.js");
  const unavailable = () => {
    say("This cannot be done before the server is back.");
    return { openEditor: () => {} };
  };

  /** @param {Message} message @param {string} [text] what to begin with @param {HTMLElement | null} [li] where */
  async function edit(message, text = message.text ?? "", li = find(message.id)) {
    const { openEditor } = await editor().catch(unavailable);
    if (!li || message.deleted) return;
    scroll.keep(() => openEditor(li, text, {
      save(changed) {
        for (const item of [...outbox.items]) if (item.message === message.id && item.state === "failed") outbox.remove(item.cid);
        if (changed !== message.text) outbox.add(room, changed, { message: message.id });
      },
      say,
      done: () => (li.closest(".thread") ? beside.open : field)?.focus(),
    }));
  }

  field?.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && answering.quote && !event.isComposing) answering.end();
    if (event.key !== "ArrowUp" || field.value || event.isComposing || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
    const last = store.messages.findLast((m) => m.by.id === me.id && !m.deleted);
    if (!last) return;
    event.preventDefault();
    edit(last);
  });

  // --- threads, and everything that can be reached at a message ---

  const beside = threads({
    load: () => import("./later/thread.js"),
    open: ({ Thread }, root) => new Thread(root, {
      room: state.room, me, writable, limitBytes, shelf, outbox, typed, people, load: (root, before) => thread(room, root, before),
      hide: () => beside.hide(),
      hidden: (root) => (/** @type {HTMLElement | null} */ (find(root)?.querySelector(".answers")) ?? field ?? scroller).focus({ preventScroll: true }),
      reach: (shown, parts) => reachable(parts, (id) => shown.get(id), (id) => parts.list.querySelector(`[data-id="${CSS.escape(id)}"]`)),
    }),
    refused: () => say("This thread cannot be shown before the server is back."),
  });

  /**
   * @param {{scroller: HTMLElement, list: HTMLElement, field: HTMLElement | null}} parts
   * @param {(id: string) => Message | undefined} message @param {(id: string) => HTMLElement | null} where
   */
  const reachable = (parts, message, where) => reach({
    ...parts, me: me.id, message, act, edit: (m) => edit(m, m.text, where(m.id)), say, link: (id) => new URL(`/r/${room}/${id}`, location.href).href,
    ...(parts.list === list && { answer: field ? answer : undefined, thread: (m) => beside.show(m.thread?.root ?? m.id) }),
  }, { writable, jump: (id) => jump(id, where(id)), open: (root) => beside.show(root), refused: unavailable, earlier });

  /** @param {HTMLElement} li */
  const earlier = (li) => import("./later/revisions.js").then(({ toggleRevisions }) => toggleRevisions(li, () => revisions(room, li.dataset["id"] ?? ""))).catch(unavailable);

  const toolbar = reachable({ scroller, list, field }, (id) => store.get(id), find);
  if (writable) {
    // before the connection may be gone, and before a finger comes that is not seen to leave
    setTimeout(() => {
      for (const part of [toolbar, editor]) part().catch(() => {}); // said when it is needed
    }, QUIET_MS);
  }

  const pins = pinned({ room, unpin: writable ? (id) => act("unpin", id) : undefined, find, jump });
  queueMicrotask(beside.follow); // when the parts of the page are there

  return {
    people,
    /** What the message being sent answers, if anything. */
    reply: () => answering.end(),
    /** A message is taken back into the field, and with it what it answers. @param {OutboxItem["reply"]} quote */
    answerAgain: (quote) => void (quote && answering.begin(quote)),
    forget: () => void answering.end(),
    /** @param {OutboxItem} item @param {boolean} gone */
    show(item, gone) {
      if (item.do === "edit") return showEdit(item, gone);
      if (item.message && item.state === "sent") return soon(() => reshow(item.message ?? "")); // its event comes just now
      if (item.message) reshow(item.message);
      if (item.message && item.state === "failed") say(item.reason ?? "");
      if (!item.message) beside.open?.show(item, gone);
    },
    /** @param {import("./types.js").Frame} frame whatever the server sent, after the room was told */
    heard(frame) {
      beside.open?.heard(frame);
      if (frame.kind === "message.deleted" && answering.quote?.id === frame.message) answering.end();
      if (!("message" in frame) || !("room" in frame)) return;
      pins.changed();
      if (outbox.items.some((item) => item.message === frame.message)) reshow(frame.message);
    },
  };
}
