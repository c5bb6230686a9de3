/** What is said in the room, as it is shown: joins the messages, the pages they come in, the list, its scrolling, and the reading of it. */

import { byId, soon } from "./dom.js";
import { History } from "./history.js";
import { isIgnored } from "./ignored.js";
import { Mark } from "./mark.js";
import { Reading } from "./reading.js";
import { Store } from "./store.js";
import { text } from "./text.js";
import { MessageList } from "./view/message-list.js";
import { loadMore } from "./view/more.js";
import { Scroll, point } from "./view/scroll.js";
import { Unread } from "./view/unread.js";
import { Bar } from "./view/unread-bar.js";
import { keepPlace } from "./view/place.js";

const MOST = 300; // messages in the page
const ROOM = 50; // for so many more, after some were let go

/**
 * @typedef {import("./types.js").Message} Message
 * @typedef {import("./types.js").Place} Place
 */

/**
 * @param {{state: import("./types.js").PageState, load: (place: Place) => Promise<import("./types.js").Page>,
 *   actions: import("./view/message.js").Actions, mention: (words: string) => void,
 *   told: (id: string) => boolean, done: () => void}} options
 *   `mention` says something to who does not see, `told` tells the server how far one has read and says whether it could,
 *   `done`: nothing is left to read
 */
export function openTimeline({ state, load, actions, mention, told, done }) {
  const { me, room } = state;
  const element = (/** @type {string} */ id) => byId(id, HTMLElement);
  const scroller = element("scroller");
  const messages = element("messages");

  const store = new Store(room.room);
  store.replace(state.messages, state.has_older, state.has_newer);
  const mark = new Mark(store, state.unread?.first);
  const reading = new Reading(told);
  const unread = new Unread(element("jump"), scroller, () => toNewest());
  const scroll = new Scroll(scroller, messages, (atBottom, far) => {
    unread.moved(atBottom, far || store.hasNewer);
    read();
    place.moved();
  });
  const list = new MessageList({ list: messages, me, actions, heard: (count) => mention(text("unread.new", { count })) });
  list.beginNew(state.unread?.first ?? "");
  list.adopt(store.messages);
  const bar = new Bar(element("unread-bar"), {
    first: () => void go(state.unread?.first ?? "", true).catch(() => mention(text("unread.lost"))),
    read: () => toNewest(true),
  });

  const history = new History(store, load, !room.joined);
  const ends = {
    older: loadMore({ scroller, row: element("older"), loading: text("history.loading"), failed: text("history.failed"), load: () => history.older() }),
    newer: loadMore({ scroller, row: element("newer"), loading: text("history.loading_newer"), failed: text("history.failed_newer"), load: () => history.newer() }),
  };
  const again = () => {
    ends.older();
    ends.newer();
  };
  const place = keepPlace({ room: room.room, scroll, list, bottom: () => scroll.atBottom, go: (id) => history.around(id).then(() => list.find(id)), newest: () => toNewest() });

  /** appended messages, until the next frame: a burst costs one layout @type {Message[]} */
  let arrived = [];

  store.onChange((change) => {
    if (change.what === "append") {
      if (arrived.length === 0) soon(showArrived);
      arrived.push(...change.messages);
      return;
    }
    if (change.what === "missed") return unread.arrived(change.message.by.id === me.id || isIgnored(change.message.by.id) ? 0 : 1, false);
    showArrived();
    scroll.keep(() => {
      list.apply(change, store.messages);
      showEnds();
    });
    if (change.what === "replace") again();
    else if (change.what !== "update" && change.what !== "trim") letGo();
  });

  function showArrived() {
    const fresh = arrived;
    arrived = [];
    if (fresh.length === 0) return;
    const wasAtBottom = scroll.atBottom;
    scroll.keep(() => list.apply({ what: "append", messages: fresh }, store.messages));
    unread.arrived(fresh.filter((m) => m.by.id !== me.id && !isIgnored(m.by.id)).length, wasAtBottom);
    letGo();
    read();
  }

  /** Of more messages than a page should hold, those go that are farthest from what is being read. */
  function letGo() {
    if (store.messages.length <= MOST) return;
    store.trim(scroll.nearBeginning ? "newest" : "oldest", MOST - ROOM, (id) => list.holds(id));
  }

  function showEnds() {
    scroll.cut = store.hasNewer;
    element("older").hidden = !store.hasOlder;
    element("welcome").hidden = store.hasOlder;
    element("newer").hidden = !store.hasNewer;
    messages.classList.toggle("cut", store.hasNewer);
    unread.moved(scroll.atBottom, store.hasNewer || scroll.far);
  }

  /** What was on the screen has been read. */
  function read() {
    if (document.visibilityState !== "visible" || !room.joined) return;
    const id = (scroll.atBottom ? store.messages.at(-1)?.id : scroll.shown?.last.dataset["id"]) ?? "";
    const upTo = id && mark.saw(id);
    if (upTo) reading.saw(upTo);
    if (mark.done) finish();
  }

  function finish() {
    bar.hide();
    done();
  }

  /** To the newest message. @param {boolean} [all] everything before it is read by that */
  async function toNewest(all = bar.done) {
    if (store.hasNewer) {
      place.leave();
      if (!await history.reload()) return;
    }
    scroll.toBottom();
    if (!all) return;
    const id = mark.all();
    if (!id) return;
    reading.saw(id);
    finish();
  }

  /** To a message, which may have to be loaded with what is around it. @param {string} id @param {boolean} [beginning] of what is new */
  async function go(id, beginning = false) {
    place.leave(id);
    if (!list.find(id)) await history.around(id);
    const li = list.find(id);
    if (!li) return;
    if (beginning) {
      list.beginNew(id);
      scroll.toBeginning(li);
      li.tabIndex = -1;
      li.focus({ preventScroll: true });
    } else {
      point(li);
    }
    read();
  }

  document.addEventListener("visibilitychange", read);
  showEnds();
  const named = list.find(state.anchor ?? "");
  const firstNew = list.find(state.unread?.first ?? "");
  if (named) {
    named.classList.add("pointed");
    named.scrollIntoView({ block: "center" });
  } else if (firstNew) scroll.toBeginning(firstNew);
  void place.restore();

  return {
    unread,
    store, list, scroll, history, showArrived, read, go, toNewest,
    /** After a reset. */
    async reload() {
      if (!await history.reload(true)) return;
      mark.lost();
      scroll.toBottom();
    },
    /** Whether everything that is kept has been told. @param {boolean} now */
    live(now) {
      history.live(now);
      if (!now) return;
      read();
      again();
    },
    /** One wants to read again from there on, the next time: what is on the screen now does not count. @param {import("./types.js").UnreadFrom} from */
    hold({ room: name, first, count }) {
      if (name !== room.room || count === 0) return;
      reading.stop();
      mark.hold(first);
      scroll.keep(() => list.beginNew(first));
    },
  };
}
