/** Starts the parts of a room's page and joins them. The only module that knows them all. */

import * as api from "./api.js";
import { carried, carry } from "./carry.js";
import { openComfort } from "./comfort.js";
import { byId } from "./dom.js";
import { Draft } from "./draft.js";
import { openHouse } from "./house.js";
import { newCid } from "./ids.js";
import { ignoreOnly } from "./ignored.js";
import { messageActions } from "./messages.js";
import { Outbox } from "./outbox.js";
import { Presence } from "./presence.js";
import { learnPage } from "./standing.js";
import { openShelf } from "./storage.js";
import { Stream } from "./stream.js";
import { text } from "./text.js";
import { openTimeline } from "./timeline.js";
import { overEvents, overWebSocket } from "./transport.js";
import { Typing } from "./typing.js";
import { upgradeTo } from "./upgrade.js";
import { Composer } from "./view/composer.js";
import { copyOnClick } from "./view/copy.js";
import { forgetOnLeave, joinOnClick } from "./view/doors.js";
import { followWidth, showPeople } from "./view/people.js";
import { Status } from "./view/status.js";
import { helpWriting } from "./view/writing.js";
import { followKeyboard } from "./view/viewport.js";
import { onWake } from "./wake.js";


/** @type {import("./types.js").PageState} */
const state = JSON.parse(byId("state", HTMLElement).textContent ?? "");
const { me, room } = learnPage(state);
ignoreOnly(state.ignored);
const element = (/** @type {string} */ id) => byId(id, HTMLElement);
// --- what is said ---

const timeline = openTimeline({
  state,
  load: (place) => house.page(place).then(learnPage),
  actions: {
    retry() { outbox.retry(); stream.wake(true); },
    edit(cid) {
      composer?.takeBack(outbox.get(cid)?.text ?? "");
      actions.answerAgain(outbox.get(cid)?.reply);
      outbox.remove(cid);
    },
    discard(cid) { outbox.remove(cid); composer?.focus(); },
  },
  mention: (words) => status.mention(words),
  told: (id) => stream.send({ do: "read", cid: newCid(), room: room.room, id }),
  done: () => house.read(),
});
const { list, scroll } = timeline;

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
  room: room.room,
  changed: (names) => status.typing(names),
  say: () => stream.send({ do: "typing", cid: newCid(), room: room.room }),
});

// --- what one says ---

const shelf = openShelf(() => localStorage);
const house = openHouse(state, shelf, (mentions, level) => timeline.unread.rooms(mentions, level !== "everything"));
const outbox = new Outbox({
  person: me.id,
  shelf,
  send: (post) => stream.send(post),
  changed(item, gone) {
    if (item.room !== room.room) return;
    timeline.showArrived(); // its event may be waiting for the next frame
    if (item.do === "post") scroll.keep(() => list.show(item, gone));
    actions.show(item, gone);
  },
  stuck: () => stream.wake(),
});
const writable = room.joined && !room.archived;
const actions = messageActions({ state, timeline, shelf, outbox, presence, writable, typed: () => typing.typed(), order: house.order, calling: house.callable });
for (const item of outbox.items) if (item.room === room.room) item.do !== "post" ? actions.show(item, false) : list.show(item, false);

const composer = writable ? new Composer({
  form: byId("composer", HTMLFormElement),
  field: byId("text", HTMLTextAreaElement),
  note: element("note"),
  draft: new Draft(shelf, me.id, room.room),
  limitBytes: state.limits.text_bytes,
  send(words) {
    typing.sent();
    outbox.add(room.room, words, { reply: actions.reply() });
    void timeline.toNewest();
  },
  typed: () => typing.typed(),
}) : null;
if (composer) helpWriting({ form: byId("composer", HTMLFormElement), note: element("note"), callable: actions.callable, order: house.order });
composer?.takeBack(carried(me.id, () => sessionStorage));

// --- the connection ---
let epoch = state.epoch;
const stream = new Stream({
  cursor: state.cursor,
  epoch,
  overWebSocket,
  overEvents,
  me: api.me,
  onFrame: (frame) => { take(frame); actions.heard(frame); },
  onState(now) {
    if (now.name !== "live") {
      outbox.close();
      timeline.live(false);
      actions.live(false);
    }
    status.connection(now);
    if (now.name === "stopped" && now.why === "signed_out") window.addEventListener("pagehide", carryWords);
  },
});

const carryWords = () => carry(me.id, [...outbox.items.map((item) => item.text), composer?.text ?? ""], () => sessionStorage);

/** @param {import("./types.js").Frame} frame */
function take(frame) {
  house.take(frame);
  switch (frame.kind) {
    case "hello":
      return greet(frame);
    case "reset":
      return void timeline.reload();
    case "live":
      timeline.live(true);
      actions.live(true);
      return outbox.open();
    case "ack":
      return outbox.acknowledge(frame.cid);
    case "nack":
      return outbox.refuse(frame);
    case "unread":
      return timeline.hold(frame);
    case "typing":
      return typing.apply(frame);
    case "presence":
      presence.apply(frame);
      return showPeople(presence, me.id, people);
    case "message.posted":
      typing.done(frame.by.id);
      if (frame.by.id === me.id && frame.cid) outbox.acknowledge(frame.cid);
      return timeline.history.take(frame);
    default:
      if ("id" in frame) timeline.history.take(frame);
  }
}

/** @param {import("./types.js").Hello} hello */
function greet(hello) {
  if (hello.me.id !== me.id) {
    stream.stop("broken", text("status.other", { name: hello.me.name })); // never send one person's words as another's
  } else if (hello.build && hello.build !== state.build) {
    upgradeTo(hello.build, {
      busy: () => composer?.busy ?? false,
      safe: () => shelf.lasting || (outbox.items.length === 0 && !composer?.text),
      otherwise: () => status.newVersion(),
    });
  }
}

if (composer) {
  stream.open();
  onWake((visible) => stream.setVisible(visible), () => { stream.wake(); timeline.read(); });
} else if (!room.joined) {
  joinOnClick(byId("join", HTMLButtonElement), element("note"), () => api.join(room.room));
}

window.addEventListener("storage", ({ key, newValue }) => newValue === null && outbox.settledElsewhere(key));
forgetOnLeave(element("logout"), { unsent: () => outbox.items.length > 0, forget: () => { outbox.clear(); composer?.clear(); actions.forget(); } });
copyOnClick(document.querySelectorAll(".copy"));
followKeyboard();
openComfort({ atMessage: actions.keys });
