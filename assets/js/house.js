/** The rooms around the one that is shown: their list, the keys that lead there, and what can be done with them. */

import * as api from "./api.js";
import { byId, soon } from "./dom.js";
import { Rooms } from "./rooms.js";
import { text } from "./text.js";
import { closeDoor, showHeading, showRooms } from "./view/room-list.js";

/**
 * @typedef {import("./types.js").Frame} Frame
 * @typedef {import("./types.js").PageState} PageState
 * @typedef {import("./types.js").Shelf} Shelf
 */

const RECENT = "chatd.recent."; // and the person's id: the rooms visited, newest first
const SPREAD_MS = 2_000; // over which all who show the list ask for it

/**
 * @param {PageState} state
 * @param {Shelf} shelf
 * @returns {{take: (frame: Frame) => void, read: () => void, order: import("./later/slash.js").Order,
 *   page: (place: import("./types.js").Place) => Promise<import("./types.js").Page>}} what to do
 *   with each frame, when what is shown was read, to do something with the room by a command, and to have a page of it
 */
export function openHouse(state, shelf) {
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
        showRooms(rooms.list, room.room, rooms.unreadElsewhere);
        const here = rooms.get(room.room);
        if (here) showHeading(here);
      });
    },
  });
  const recent = visited(shelf, me.id, room.room);
  const go = (/** @type {string} */ name) => location.assign(`/r/${name}`);
  const about = () => rooms.get(room.room) ?? room;
  const create = async (/** @type {string} */ title = "") => (await import("./later/create-room.js")).createRoom({ api, go, title });
  const talk = async () => (await import("./later/converse.js")).converse({ api, go, me: me.id });
  const settings = async () => (await import("./later/about-room.js")).aboutRoom({ api, go, me: me.id, room: about() });
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
  byId("people-list", HTMLElement).addEventListener("click", ({ target }) => {
    const person = target instanceof Element ? target.closest("[data-person]")?.getAttribute("data-person") : null;
    if (person) void api.direct([person]).then((made) => go(made.room), (error) => { byId("note", HTMLElement).textContent = error.message; });
  });
  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      void find();
    } else if (event.key === "n" && !event.altKey && !event.ctrlKey && !event.metaKey && !writing(event.target)) {
      const next = neighbour(rooms.list, room.room, 1, true);
      if (next) go(next);
    } else if (event.altKey && !event.ctrlKey && !event.metaKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      const next = neighbour(rooms.list, room.room, event.key === "ArrowDown" ? 1 : -1, event.shiftKey);
      if (next) go(next);
    }
  });
  matchMedia("(min-width: 62rem)").addEventListener("change", (wide) => wide.matches && byId("rooms", HTMLElement).hidePopover());

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
    take(frame) {
      rooms.apply(frame);
      if (frame.kind === "rooms") setTimeout(() => void rooms.refresh(), Math.random() * SPREAD_MS);
      else if (frame.kind === "live" && started) void rooms.refresh(); // signals may be lost while one is away
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

/** Whether a key writes something there, or means something else. @param {EventTarget | null} target */
const writing = (target) => target instanceof Element && target.closest("input, textarea, select, [contenteditable], dialog, [role=menu]") !== null;

/** Notes this visit. @param {Shelf} shelf @param {string} me @param {string} here @returns {string[]} the rooms before, newest first */
function visited(shelf, me, here) {
  const before = (shelf.getItem(RECENT + me) ?? "").split(" ").filter((name) => name !== "" && name !== here);
  shelf.setItem(RECENT + me, [here, ...before].slice(0, 12).join(" "));
  return before;
}
