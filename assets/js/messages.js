/**
 * What one can do with a message: joins the parts of it. Toolbar, menu, editor and the list of pins are loaded when somebody
 * first goes near a message.
 */

import { pins } from "./api.js";
import { Answering } from "./answering.js";
import { byId, el } from "./dom.js";
import { newCid } from "./ids.js";
import { beginning } from "./store.js";
import { parts, text } from "./text.js";
import { showState, showText } from "./view/message.js";

/**
 * @typedef {import("./types.js").Message} Message
 * @typedef {import("./types.js").OutboxItem} OutboxItem
 * @typedef {import("./types.js").Act} Act
 */

const SAID_MS = 6_000;
const ANSWER_MS = 10_000;
const QUIET_MS = 1_000; // after everything that the page needs first

/**
 * @param {{me: import("./types.js").Person, room: string, timeline: ReturnType<typeof import("./timeline.js").openTimeline>,
 *   shelf: import("./types.js").Shelf, outbox: import("./outbox.js").Outbox, send: (command: Act) => boolean, writable: boolean}} options
 *   `writable`: the reader is in the room
 */
export function messageActions({ me, room, timeline, shelf, outbox, send, writable }) {
  const { store, scroll } = timeline;
  const list = byId("messages", HTMLElement);
  const note = byId("note", HTMLElement);
  const scroller = byId("scroller", HTMLElement);
  /** @type {Map<string, (refused?: string) => void>} */
  const asked = new Map();

  const say = (/** @type {string} */ words) => {
    note.textContent = words;
    setTimeout(() => { if (note.textContent === words) note.textContent = ""; }, SAID_MS);
  };

  /** Does something now or says why not; it is not tried again by itself. @param {Act["do"]} what @param {string} message @param {string} [emoji] */
  function act(what, message, emoji) {
    const cid = newCid();
    const lost = text("message.not_done");
    const timer = setTimeout(() => asked.get(cid)?.(lost), ANSWER_MS);
    asked.set(cid, (refused) => {
      clearTimeout(timer);
      asked.delete(cid);
      if (refused) say(refused);
    });
    if (!send({ do: what, cid, room, message, ...(emoji && { emoji }) })) asked.get(cid)?.(lost);
  }

  const find = (/** @type {string} */ id) => document.getElementById(`m-${id}`);

  const link = (/** @type {string} */ id) => `/r/${room}/${id}`;
  const jump = (/** @type {string} */ id) => void timeline.go(id).catch(() => location.assign(link(id)));

  // --- answering ---

  const field = writable ? byId("text", HTMLTextAreaElement) : null;
  const answering = new Answering(shelf, me.id, room, showAnswering);
  showAnswering(answering.quote);

  /** @param {import("./types.js").Quote | undefined} quote */
  function showAnswering(quote) {
    document.querySelector(".answering")?.remove();
    if (!quote || !field) return;
    document.querySelector(".entry")?.prepend(el("div.answering", {},
      el("p", {}, ...parts("message.answering", { name: el("bdi", {}, quote.by?.name ?? "") }), " ", el("span.quoted", { dir: "auto" }, quote.text ?? "")),
      el("button.plain", { type: "button", "aria-label": text("message.answer_not"), onclick() { answering.end(); field.focus(); } }, "×")));
  }

  /** @param {Message} message */
  function answer(message) {
    answering.begin({ id: message.id, by: message.by, text: beginning(message.text ?? "") });
    field?.focus();
  }

  // --- editing ---

  /** @param {OutboxItem} item an edit @param {boolean} gone */
  function showEdit(item, gone) {
    const li = find(item.message ?? "");
    const message = store.get(item.message ?? "");
    if (!li || !message) return;
    scroll.keep(() => {
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
          edit(message, item.text);
        },
      });
    });
  }

  const editor = () => import("./later/editor.js");
  const unavailable = () => {
    say(text("message.not_now"));
    return { openEditor: () => {} };
  };

  /** @param {Message} message @param {string} [text] what to begin with */
  async function edit(message, text = message.text ?? "") {
    const { openEditor } = await editor().catch(unavailable);
    const li = find(message.id);
    if (!li || message.deleted) return;
    scroll.keep(() => openEditor(li, text, {
      save(changed) {
        for (const item of [...outbox.items]) if (item.message === message.id && item.state === "failed") outbox.remove(item.cid);
        if (changed !== message.text) outbox.add(room, changed, { message: message.id });
      },
      say,
      done: () => field?.focus(),
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

  // --- the toolbar, when somebody first goes near a message ---

  /** @type {Promise<import("./later/toolbar.js").Toolbar> | undefined} */
  let loading;
  const toolbar = () => loading ??= import("./later/toolbar.js").then(({ Toolbar }) => new Toolbar({
    list, scroller, field, me: me.id, message: (id) => store.get(id), act, answer: field ? answer : undefined, edit, say,
    link: (id) => new URL(link(id), location.href).href,
  })).catch((error) => {
    loading = undefined;
    throw error;
  });
  if (writable) {
    const kinds = ["pointerover", "focusin", "keydown", "pointerdown"];
    /** what somebody did last while the toolbar was on its way @type {Event | undefined} */
    let last;
    const first = (/** @type {Event} */ event) => {
      last = event;
      toolbar().then((bar) => {
        for (const kind of kinds) scroller.removeEventListener(kind, first);
        if (last) bar.met(last);
        last = undefined;
      }, unavailable);
    };
    for (const kind of kinds) scroller.addEventListener(kind, first);
    // before the connection may be gone, and before a finger comes that is not seen to leave
    setTimeout(() => {
      for (const part of [toolbar, editor]) part().catch(() => {}); // said when it is needed
    }, QUIET_MS);
  }

  list.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const quote = target.closest(".quote");
    if (quote instanceof HTMLElement && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      jump(quote.dataset["to"] ?? "");
    }
    const chip = target.closest(".chip");
    if (chip instanceof HTMLElement && writable) {
      const id = chip.closest("li")?.dataset["id"] ?? "";
      act(chip.ariaPressed === "true" ? "unreact" : "react", id, chip.dataset["emoji"]);
    }
  });

  // --- pins ---

  const panel = byId("pins", HTMLElement);
  async function showPins() {
    const [{ fillPins }, found] = await Promise.all([import("./later/pins.js"), pins(room).catch((error) => error)]);
    fillPins(byId("pins-list", HTMLElement), found.messages ?? found.message, {
      room,
      unpin: writable ? (id) => act("unpin", id) : undefined,
      jump(id) {
        panel.hidePopover();
        jump(id);
      },
    });
  }
  panel.addEventListener("toggle", (event) => /** @type {ToggleEvent} */ (event).newState === "open" && showPins());

  return {
    /** What the message being sent answers, if anything. */
    reply: () => answering.end(),
    forget: () => void answering.end(),
    showEdit,
    /** The keys that act at a message; none where one only reads. */
    keys: async () => (writable ? (await toolbar()).keys() : []),
    /** @param {import("./types.js").Frame} frame whatever the server sends */
    heard(frame) {
      if (frame.kind === "ack" || frame.kind === "nack") return asked.get(frame.cid ?? "")?.(frame.kind === "nack" ? frame.message : undefined);
      if (frame.kind === "message.deleted" && answering.quote?.id === frame.message) answering.end();
      if ("message" in frame && panel.matches(":popover-open")) showPins();
    },
  };
}
