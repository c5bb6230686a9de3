/**
 * What one can do with a message: joins the parts of it. Toolbar, menu and editor are loaded when somebody first goes near a
 * message, the list of pins and a thread when they are opened.
 */

import { revisions, thread } from "./api.js";
import { Answering } from "./answering.js";
import { byId, el, soon } from "./dom.js";
import { beginning } from "./store.js";
import { parts, text } from "./text.js";
import { showState, showText } from "./view/message.js";
import { point } from "./view/scroll.js";

/**
 * @typedef {import("./types.js").Message} Message
 * @typedef {import("./types.js").OutboxItem} OutboxItem
 * @typedef {import("./types.js").Act} Act
 */

const SAID_MS = 6_000;
const QUIET_MS = 1_000; // after everything that the page needs first

/**
 * @param {{state: import("./types.js").PageState, timeline: ReturnType<typeof import("./timeline.js").openTimeline>, shelf: import("./types.js").Shelf,
 *   outbox: import("./outbox.js").Outbox, presence: import("./presence.js").Presence, writable: boolean, typed: () => void,
 *   order: import("./later/slash.js").Order, calling: ReturnType<typeof import("./house.js").openHouse>["callable"]}} options
 *   `writable`: the reader is in the room; `calling` makes of those who are near whom one may mean by an @
 */
export function messageActions({ state, timeline, shelf, outbox, presence, writable, typed, order, calling }) {
  const { me, room: { room }, limits: { text_bytes: limitBytes } } = state;
  const { store, scroll } = timeline;
  const list = byId("messages", HTMLElement);
  const note = byId("note", HTMLElement);
  const scroller = byId("scroller", HTMLElement);

  let online = false;
  /** once a thread was opened @type {ReturnType<typeof import("./later/threads.js").threads> | undefined} */
  let beside;
  /** as it stands, until something could have been done with it @type {typeof import("./later/expected.js").expected} */
  let expect = (message) => message;

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
    for (const li of everywhere(id)) scroll.keep(() => showText(li, expect(message, outbox.items, me)));
    if (edited) showEdit(edited, false);
  }
  const find = (/** @type {string} */ id) => document.getElementById(`m-${id}`);
  /** As it will stand. @param {string} id */
  const soonOf = (id) => (store.get(id) ? expect(/** @type {Message} */ (store.get(id)), outbox.items, me) : undefined);
  const known = (/** @type {string} */ id) => store.get(id) ?? beside?.open?.get(id);
  /** A message may stand in the room and in the thread beside it. @returns {NodeListOf<HTMLElement>} */
  const everywhere = (/** @type {string} */ id) => document.querySelectorAll(`li.message[data-id="${CSS.escape(id)}"]`);

  const link = (/** @type {string} */ id) => `/r/${room}/${id}`;

  /** @param {string} id of a message of the room @returns {boolean} that it can be gone to */
  function jump(id) {
    timeline.go(id).catch(() => location.assign(link(id)));
    return true;
  }

  /** Who may be meant by an @, the likeliest first. */
  const callable = calling(() => [...store.messages.map(({ by }) => by).reverse(), ...(presence.people() ?? [])]);

  // --- answering ---

  const field = writable ? byId("text", HTMLTextAreaElement) : null;
  const answering = new Answering(shelf, me.id, room, showAnswering);
  showAnswering(answering.quote);

  /** @param {OutboxItem["reply"]} quote */
  function showAnswering(quote) {
    document.querySelector(".answering")?.remove();
    if (!quote || !field) return;
    document.querySelector(".entry")?.prepend(el("div.answering", {},
      el("p", {}, ...parts("message.answering", { name: el("bdi", {}, quote.by?.name ?? "") }), " ", el("span.quoted", { dir: "auto" }, quote.text ?? "")),
      el("button.plain", { type: "button", "aria-label": text("message.answer_not"), onclick() { answering.end(); field.focus(); } }, "×")));
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
    say(text("message.not_now"));
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
      done: () => (li.closest(".thread") ? beside?.open : field)?.focus(),
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

  // --- what is loaded when somebody goes near a message, or opens a thread ---

  const near = () => import("./later/reach.js");
  /** @param {HTMLElement} li */
  const earlier = (li) => import("./later/revisions.js").then(({ toggleRevisions }) => toggleRevisions(li, () => revisions(room, li.dataset["id"] ?? ""))).catch(unavailable);

  /**
   * @param {{scroller: HTMLElement, list: HTMLElement, field: HTMLElement | null}} parts
   * @param {(id: string) => Message | undefined} message @param {(id: string) => HTMLElement | null} where
   */
  async function reachable(parts, message, where) {
    const { reach, expected } = await near();
    expect = expected;
    return reach({
      ...parts, me: me.id, message, act, edit: (m) => edit(m, m.text, where(m.id)), say, link: (id) => new URL(link(id), location.href).href,
      ...(parts.list === list && { answer: field ? answer : undefined, thread: (m) => openThread(m.thread?.root ?? m.id) }),
    }, { writable, jump: parts.list === list ? jump : (id) => point(where(id)), open: openThread, earlier });
  }

  const kinds = ["pointerover", "focusin", "keydown", "pointerdown", "click"];
  /** what somebody did last while that was on its way @type {Event | undefined} */
  let last;
  /** @type {Promise<ReturnType<typeof import("./later/reach.js").reach>> | undefined} */
  let reaching;
  const reachRoom = () => reaching ??= reachable({ scroller, list, field }, soonOf, find).then((reached) => {
    for (const kind of kinds) scroller.removeEventListener(kind, first);
    if (last) reached.met(last);
    for (const { message } of outbox.items) if (message) reshow(message);
    return reached;
  }, (error) => {
    reaching = undefined;
    throw error;
  });
  function first(/** @type {Event} */ event) {
    last = event;
    reachRoom().catch(unavailable);
  }
  for (const kind of kinds) scroller.addEventListener(kind, first);
  // before the connection may be gone, and before a finger comes that is not seen to leave
  setTimeout(() => {
    for (const part of [reachRoom, editor]) part().catch(() => {}); // said when it is needed
  }, QUIET_MS);

  /** @returns {Promise<ReturnType<typeof import("./later/threads.js").threads> | undefined>} nothing where it cannot be loaded, which is said */
  async function withThreads() {
    const { threads } = await import("./later/threads.js").catch(() => ({ threads: null }));
    if (!threads) say(text("message.not_now"));
    else beside ??= threads({
      room: state.room, me, writable, limitBytes, shelf, outbox, typed, callable, order, load: (root, place) => thread(room, root, place),
      hidden: (root) => (/** @type {HTMLElement | null} */ (find(root)?.querySelector(".answers")) ?? field ?? scroller).focus({ preventScroll: true }),
      reach: (shown, parts) => reachable(parts, (id) => shown.get(id), (id) => parts.list.querySelector(`[data-id="${CSS.escape(id)}"]`)).catch(unavailable),
    }, online);
    return beside;
  }
  const openThread = (/** @type {string} */ root) => void withThreads().then((threads) => threads?.show(root));
  const follow = () => void (!beside && location.hash.startsWith("#thread-") && withThreads().then((threads) => threads?.follow()));
  window.addEventListener("popstate", follow);
  queueMicrotask(follow); // when the parts of the page are there

  // --- pins ---

  const panel = byId("pins", HTMLElement);
  async function showPins() {
    const { openPins } = await import("./later/pins.js");
    await openPins(panel, { room, unpin: writable ? (id) => act("unpin", id) : undefined, jump });
  }
  panel.addEventListener("toggle", (event) => void (/** @type {ToggleEvent} */ (event).newState === "open" && showPins()));
  return {
    callable,
    /** What the message being sent answers, if anything. */
    reply: () => answering.end(),
    /** A message is taken back into the field, and with it what it answers. @param {OutboxItem["reply"]} quote */
    answerAgain: (quote) => void (quote && answering.begin(quote)),
    forget: () => void answering.end(),
    /** The keys that act at a message; none where one only reads. */
    keys: async () => (writable ? (await reachRoom()).keys() : []),
    /** Whether everything that is kept has been told. @param {boolean} now */
    live(now) {
      online = now;
      beside?.live(now);
    },
    /** @param {OutboxItem} item @param {boolean} gone */
    show(item, gone) {
      if (item.do === "edit") return showEdit(item, gone);
      if (item.message && item.state === "sent") return soon(() => reshow(item.message ?? "")); // its event comes just now
      if (item.message) reshow(item.message);
      if (item.message && item.state === "failed") say(item.reason ?? "");
      if (!item.message) beside?.open?.show(item, gone);
    },
    /** @param {import("./types.js").Frame} frame whatever the server sent, after the room was told */
    heard(frame) {
      beside?.open?.heard(frame);
      if (frame.kind === "message.deleted" && answering.quote?.id === frame.message) answering.end();
      if (!("message" in frame) || !("room" in frame)) return;
      if (panel.matches(":popover-open")) void showPins();
      if (outbox.items.some((item) => item.message === frame.message)) reshow(frame.message);
    },
  };
}
