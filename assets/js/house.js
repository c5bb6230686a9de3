/** The rooms around the one that is shown: their list, the keys that lead there, and what can be done with them. */

import * as api from "./api.js";
import { byId, soon } from "./dom.js";
import { ignoreOnly } from "./ignored.js";
import { onKeys } from "./keys.js";
import { Rooms } from "./rooms.js";
import { text } from "./text.js";
import { refreshFolds, unfoldOnClick } from "./view/folded.js";
import { closeDoor, showHeading, showReports, showRooms } from "./view/room-list.js";

/**
 * @typedef {import("./types.js").Frame} Frame
 * @typedef {import("./types.js").PageState} PageState
 * @typedef {import("./types.js").Shelf} Shelf
 * @typedef {import("./types.js").Person} Person
 * @typedef {{people: Person[], all: boolean}} Callable whom one may mean by an @, the likeliest first, and whether everybody
 */

const RECENT = "chatd.recent."; // and the person's id: the rooms visited, newest first
const SPREAD_MS = 2_000; // over which all who show the list ask for it

/**
 * @param {PageState} state
 * @param {Shelf} shelf
 * @param {(mentions: number, level: import("./types.js").Level) => void} counted what is unread that mentions one, in all rooms, and the level of this one
 * @returns {{callable: (near: () => Person[]) => () => Promise<Callable>, take: (frame: Frame) => void, read: () => void, order: import("./later/slash.js").Order,
 *   page: (place: import("./types.js").Place) => Promise<import("./types.js").Page>}} what to do
 *   with each frame, when what is shown was read, to do something with the room by a command, and to have a page of it
 */
export function openHouse(state, shelf, counted) {
  const { me, room } = state;
  let due = false;
  let gone = false;
  const rooms = new Rooms({
    rooms: state.rooms, me: me.id, here: room.room, load: api.rooms,
    changed() {
      if (due) return;
      due = true;
      soon(() => {
        due = false;
        showRooms(rooms.list, room.room, rooms.unreadElsewhere, rooms.mentions);
        tell();
        const here = rooms.get(room.room);
        if (here) showHeading(here);
        void pace();
      });
    },
  });
  /** there once the room is slow @type {Promise<ReturnType<typeof import("./later/slow.js").openSlow> | undefined> | undefined} */
  let slow;
  const pace = async () => {
    if ((rooms.get(room.room) ?? room).slow_s) slow ??= import("./later/slow.js").then(({ openSlow }) => openSlow({
      me: me.id, line: /** @type {HTMLElement} */ (byId("status", HTMLElement).parentElement), room: () => rooms.get(room.room) ?? room }), () => slow = undefined); // with the next change of the rooms
    (await slow)?.show();
  };
  void pace();
  const recent = visited(shelf, me.id, room.room);
  const go = (/** @type {string} */ name) => location.assign(`/r/${name}`);
  const tell = () => counted(rooms.mentions, rooms.get(room.room)?.level ?? "everything");
  const mentions = import("./later/mention.js").then(({ followMentions, unheard }) => ({ renamed: followMentions(byId("messages", HTMLElement), me.id), unheard }), () => null);
  const about = () => rooms.get(room.room) ?? room;
  const create = async (/** @type {string} */ title = "") => (await import("./later/create-room.js")).createRoom({ api, go, title });
  const talk = async () => (await import("./later/converse.js")).converse({ api, go, me: me.id });
  const settings = async () => (await import("./later/about-room.js")).aboutRoom({ api, go, me: me.id, room: about() });
  const meet = async (/** @type {string} */ person) => (await import("./later/person.js")).aboutPerson({ api, go, person, room: room.room });
  const find = async () => (await import("./later/switcher.js")).openSwitcher({
    rooms: rooms.list, recent, go, people: api.people, me: me.id,
    talk: async (person) => go((await api.direct([person])).room),
    commands: [
      { title: text("rooms.create"), act: () => void create() },
      { title: text("direct.new"), act: () => void talk() },
      { title: text("room.about"), act: () => void settings() },
      { title: text("room.sign_out"), act: () => byId("logout", HTMLFormElement).requestSubmit() },
    ],
  });
  for (const [id, act] of Object.entries({ "new-room": () => create(), "about-room": settings, switch: find, "message-people": talk })) {
    const button = byId(id, HTMLButtonElement);
    button.disabled = false;
    button.addEventListener("click", () => void act());
  }
  // whoever is named can be asked about: in the list of people, among the members, beside his words
  document.addEventListener("click", ({ target }) => {
    const named = target instanceof Element ? target.closest("[data-person], .head .name") : null;
    const person = named?.getAttribute("data-person") ?? named?.parentElement?.dataset["by"];
    if (person && person !== me.id) void meet(person);
  });
  const walk = (/** @type {number} */ step, /** @type {boolean} */ unreadOnly) => {
    const next = neighbour(rooms.list, room.room, step, unreadOnly);
    if (next) go(next);
  };
  onKeys(
    { keys: ["Control+k"], says: "keys.find", act: () => void find() },
    { keys: ["Alt+ArrowUp"], says: "keys.room_before", act: () => walk(-1, false) },
    { keys: ["Alt+ArrowDown"], says: "keys.room_after", act: () => walk(1, false) },
    { keys: ["Alt+Shift+ArrowUp"], says: "keys.unread_before", act: () => walk(-1, true) },
    { keys: ["n", "Alt+Shift+ArrowDown"], says: "keys.unread_after", act: () => walk(1, true) },
  );
  matchMedia("(min-width: 62rem)").addEventListener("change", (wide) => wide.matches && byId("rooms", HTMLElement).hidePopover());

  tell();
  const messages = byId("messages", HTMLElement);
  const ignoring = (/** @type {import("./types.js").Person[]} */ people) => {
    ignoreOnly(people);
    refreshFolds(messages);
    void rooms.refresh(); // what is unread is another number, and conversations come or go
  };
  unfoldOnClick(messages);

  let started = false;
  const leave = (/** @type {string} */ words) => {
    if (!gone) closeDoor(words);
    gone = true;
  };
  return {
    page: (place) => api.messages(room.room, place).catch((error) => {
      if (error.code === "not_found") leave(text("room.not_in")); // so long ago that the stream does not tell it
      throw error;
    }),
    callable(near) {
      /** @type {Promise<Person[]> | undefined} */
      let members; // asked for once: who comes later is near
      return async () => {
        members ??= api.members(room.room).then((answer) => [...answer.people].sort((a, b) => Number(b.here) - Number(a.here)));
        const others = await members.catch(() => (members = undefined, []));
        return { people: [...near(), ...others].filter(({ id }) => id !== me.id), all: about().may?.includes("call") ?? false };
      };
    },
    take(frame) {
      if (frame.kind === "presence") void mentions.then((m) => m?.renamed(frame.joined ?? []));
      if (frame.kind === "message.posted" && frame.by.id === me.id && frame.room === room.room && started) {
        void mentions.then((m) => {
          const word = m?.unheard(frame);
          if (word) byId("note", HTMLElement).textContent = text("mentions.unheard", { word });
        });
      }
      rooms.apply(frame);
      void slow?.then((paced) => paced?.take(frame));
      if (frame.kind === "rooms") setTimeout(() => void rooms.refresh(), Math.random() * SPREAD_MS);
      else if (frame.kind === "reports") showReports(frame.open);
      else if (frame.kind === "ignored") ignoring(frame.people);
      else if (frame.kind === "live" && started) void api.ignored().then(({ people }) => ignoring(people), () => rooms.refresh()); // signals may be lost while one is away
      else if (frame.kind === "live") started = true;
      else if ("room" in frame && frame.room === room.room) {
        const words = farewell(frame, me.id);
        if (words) leave(words);
      }
    },
    read: () => rooms.readHere(),
    order: { room: about, carryOut: async (deed, rest) => (await import("./later/orders.js")).carryOut(deed, { api, room: about(), rest }) },
  };
}

/** Why one cannot talk here after this; "" if one can. @param {Frame} frame @param {string} me */
function farewell(frame, me) {
  if (frame.kind === "room.archived") return text("room.archived_by", { name: frame.by.name });
  if (frame.kind === "member.removed" && frame.people?.some(({ id }) => id === me)) return text("room.removed_by", { name: frame.by.name });
  if (frame.kind === "member.left" && frame.by.id === me) return text("room.left");
  return "";
}

/**
 * The room before or after this one, round and round, of those that one is in.
 * @param {import("./types.js").Room[]} rooms @param {string} here @param {number} step @param {boolean} unreadOnly
 */
export function neighbour(rooms, here, step, unreadOnly) {
  const mine = rooms.filter((r) => r.joined).sort((a, b) => Number(a.direct ?? false) - Number(b.direct ?? false));
  const at = mine.findIndex((r) => r.room === here);
  for (let i = 1; i < mine.length; i++) {
    const next = mine[(at + step * i + mine.length * i) % mine.length];
    if (next && next.room !== here && (!unreadOnly || next.unread > 0)) return next.room;
  }
  return "";
}


/** Notes this visit. @param {Shelf} shelf @param {string} me @param {string} here @returns {string[]} the rooms before, newest first */
function visited(shelf, me, here) {
  const before = (shelf.getItem(RECENT + me) ?? "").split(" ").filter((name) => name !== "" && name !== here);
  shelf.setItem(RECENT + me, [here, ...before].slice(0, 12).join(" "));
  return before;
}
