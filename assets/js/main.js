/** Starts the parts of a room's page and joins them. The only module that knows them all. */

import * as api from "./api.js";
import { carried, carry } from "./carry.js";
import { byId, soon } from "./dom.js";
import { Draft } from "./draft.js";
import { History } from "./history.js";
import { newCid } from "./ids.js";
import { messageActions } from "./messages.js";
import { Outbox } from "./outbox.js";
import { Presence } from "./presence.js";
import { Reading } from "./reading.js";
import { openShelf } from "./storage.js";
import { Store } from "./store.js";
import { Stream } from "./stream.js";
import { overEvents, overWebSocket } from "./transport.js";
import { Typing } from "./typing.js";
import { upgradeTo } from "./upgrade.js";
import { Composer } from "./view/composer.js";
import { copyOnClick } from "./view/copy.js";
import { forgetOnLeave, joinOnClick } from "./view/doors.js";
import { MessageList } from "./view/message-list.js";
import { loadOlderIn } from "./view/older.js";
import { followWidth, showPeople } from "./view/people.js";
import { Scroll } from "./view/scroll.js";
import { Status } from "./view/status.js";
import { Unread } from "./view/unread.js";
import { helpWriting } from "./view/writing.js";
import { followKeyboard } from "./view/viewport.js";
import { onWake } from "./wake.js";

/** @typedef {import("./types.js").Message} Message */

const TRIM_ABOVE = 600; // messages in the page, while its end is being read
const TRIM_TO = 300;

/** @type {import("./types.js").PageState} */
const state = JSON.parse(byId("state", HTMLElement).textContent ?? "");
const { me, room } = state;
const element = (/** @type {string} */ id) => byId(id, HTMLElement);

// --- what is said ---

const scroller = element("scroller");
const unread = new Unread(element("jump"), scroller, () => scroll.toBottom());
const scroll = new Scroll(scroller, element("messages"), (atBottom, far) => {
  unread.moved(atBottom, far);
  read();
});
const list = new MessageList({
  list: element("messages"),
  me,
  actions: {
    retry() {
      outbox.retry();
      stream.wake(true);
    },
    edit(cid) {
      composer?.takeBack(outbox.get(cid)?.text ?? "");
      actions.answerAgain(outbox.get(cid)?.reply);
      outbox.remove(cid);
    },
    discard(cid) {
      outbox.remove(cid);
      composer?.focus();
    },
  },
  heard: (count) => status.mention(count === 1 ? "1 new message" : `${count} new messages`),
});

const store = new Store(room.name);
store.replace(state.messages, state.has_older);
list.adopt(store.messages);
showBeginning();
if (state.anchor) list.point(state.anchor);

/** appended messages, until the next frame: a burst costs one layout @type {Message[]} */
let arrived = [];

store.onChange((change) => {
  if (change.what === "append") {
    if (arrived.length === 0) soon(showArrived);
    arrived.push(...change.messages);
    return;
  }
  showArrived();
  scroll.keep(() => {
    list.apply(change, store.messages);
    showBeginning();
  });
  if (change.what === "replace") {
    scroll.toBottom();
    olderAgain();
  }
});

function showArrived() {
  const messages = arrived;
  arrived = [];
  if (messages.length === 0) return;
  const wasAtBottom = scroll.atBottom;
  scroll.keep(() => list.apply({ what: "append", messages }, store.messages));
  unread.arrived(messages.filter((m) => m.by.id !== me.id).length, wasAtBottom);
  if (wasAtBottom && store.messages.length > TRIM_ABOVE) store.trim(TRIM_TO);
  read();
}

function showBeginning() {
  element("older").hidden = !store.hasOlder;
  element("welcome").hidden = store.hasOlder;
}

const history = new History(store, (before) => api.messages(room.name, before));
const olderAgain = loadOlderIn({ scroller, row: element("older"), load: () => history.older() });

// --- who is here ---

const presence = new Presence(me);
const people = { list: element("people-list"), title: element("people-title"), count: element("people-count") };
showPeople(presence, me.id, people);
followWidth(element("people"));

const status = new Status({
  line: element("status"),
  typing: element("typing"),
  wake: () => stream.wake(true),
  login: `/login?next=${encodeURIComponent(location.pathname)}`,
});
const typing = new Typing({
  me,
  room: room.name,
  changed: (names) => status.typing(names),
  say: () => stream.send({ do: "typing", cid: newCid(), room: room.name }),
});

// --- what one says ---

const shelf = openShelf(() => localStorage);
const outbox = new Outbox({
  person: me.id,
  shelf,
  send: (post) => stream.send(post),
  changed(item, gone) {
    if (item.room !== room.name) return;
    showArrived(); // its event may be waiting for the next frame
    if (item.do === "post") scroll.keep(() => list.show(item, gone));
    actions.show(item, gone);
  },
  stuck: () => stream.wake(),
});
const writable = room.joined && !state.has_newer;
const actions = messageActions({ state, store, shelf, outbox, presence, scroll, writable, typed: () => typing.typed() });
for (const item of outbox.items) if (item.room === room.name) item.do !== "post" ? actions.show(item, false) : list.show(item, false);

const composer = writable ? new Composer({
  form: byId("composer", HTMLFormElement),
  field: byId("text", HTMLTextAreaElement),
  note: element("note"),
  draft: new Draft(shelf, me.id, room.name),
  limitBytes: state.limits.text_bytes,
  send(text) {
    typing.sent();
    outbox.add(room.name, text, { reply: actions.reply() });
    scroll.toBottom();
  },
  typed: () => typing.typed(),
}) : null;
if (composer) helpWriting(byId("composer", HTMLFormElement), actions.people, element("note"));
composer?.takeBack(carried(me.id, () => sessionStorage));

// --- the connection ---

let epoch = state.epoch;
const reading = new Reading((id) => id !== "" && stream.send({ do: "read", cid: newCid(), room: room.name, id }));
const stream = new Stream({
  rooms: room.name,
  cursor: state.cursor,
  epoch,
  overWebSocket,
  overEvents,
  me: api.me,
  onFrame: (frame) => { take(frame); actions.heard(frame); },
  onState(now) {
    if (now.name !== "live") outbox.close();
    status.connection(now);
    if (now.name === "stopped" && now.why === "signed_out") window.addEventListener("pagehide", carryWords);
  },
});

const carryWords = () => carry(me.id, [...outbox.items.map(({ text }) => text), composer?.text ?? ""], () => sessionStorage);

/** @param {import("./types.js").Frame} frame */
function take(frame) {
  switch (frame.kind) {
    case "hello":
      return greet(frame);
    case "reset":
      return void history.reload();
    case "live":
      history.hurry();
      read();
      olderAgain();
      return outbox.open();
    case "ack":
      return outbox.acknowledge(frame.cid);
    case "nack":
      return outbox.refuse(frame);
    case "typing":
      return typing.apply(frame);
    case "presence":
      presence.apply(frame);
      return showPeople(presence, me.id, people);
    case "message.posted":
      typing.done(frame.by.id);
      if (frame.by.id === me.id && frame.cid) outbox.acknowledge(frame.cid);
      return history.take(frame);
    default:
      if ("room" in frame) history.take(frame);
  }
}

/** @param {import("./types.js").Hello} hello */
function greet(hello) {
  if (hello.me.id !== me.id) {
    stream.stop("broken", `You are ${hello.me.name} in another window now.`); // never send one person's words as another's
  } else if (hello.build && hello.build !== state.build) {
    upgradeTo(hello.build, {
      busy: () => composer?.busy ?? false,
      safe: () => shelf.lasting || (outbox.items.length === 0 && !composer?.text),
      otherwise: () => status.newVersion(),
    });
  }
}

/** What is at the end of the list, and on the screen, has been read. */
function read() {
  if (scroll.atBottom && document.visibilityState === "visible") reading.saw(store.messages.at(-1)?.id ?? "");
}

if (composer) {
  stream.open();
  onWake((visible) => stream.setVisible(visible), () => { stream.wake(); read(); });
} else if (!room.joined) {
  joinOnClick(byId("join", HTMLButtonElement), element("note"), () => api.join(room.name));
}

window.addEventListener("storage", ({ key, newValue }) => newValue === null && outbox.settledElsewhere(key));
forgetOnLeave(element("logout"), { unsent: () => outbox.items.length > 0, forget: () => { outbox.clear(); composer?.clear(); actions.forget(); } });
copyOnClick(document.querySelectorAll(".copy"));
followKeyboard();
