// What travels between the page and the server, version 1 of the protocol. A client ignores kinds and fields it does not know.

/** `role` is said with presence and with pages, not in events; without one somebody is a guest. */
export interface Person { id: string; name: string; role?: "member" | "moderator" | "host" }

/** A message as it stands now. `id` is opaque: never parsed, never compared but for equality. */
export interface Message {
  kind: "message.posted";
  id: string;
  room: string;
  /** the server's time, RFC 3339, UTC */
  at: string;
  by: Person;
  /** made by its author; with the author's id it is the identity of a message */
  cid?: string;
  /** absent when deleted */
  text?: string;
  /** sanitised by the server; absent when the text is all there is to show */
  html?: string;
  rev?: number;
  /** when it was edited last */
  edited_at?: string;
  deleted?: boolean;
  pinned?: boolean;
  reply?: Quote;
  mentions?: Mentions;
  /** of an answer, and of what has answers: then the root is its own id */
  thread?: Thread;
  /** in the order in which the emoji came */
  reactions?: Reaction[];
  /** only in this page (expected.js): what was done with it and has not reached the server for a while */
  waits?: { pin?: boolean; delete?: boolean };
}

/** Whom a text means: `people` by name, `here` by @here, and by @room everybody who is in the room. */
export interface Mentions { people?: Person[]; here?: string[]; room?: boolean }
/** A message that mentions or answers one. `title` is its room's. */
export interface Mentioned { title: string; answer?: boolean; unread?: boolean; message: Message }
export interface MentionPage { mentions: Mentioned[]; has_older: boolean; cursor: string; epoch: string }
/** What a message answers: its first 200 characters, or that it was deleted. */
export interface Quote { id: string; by?: Person; text?: string; deleted?: boolean }
/** A text that a message had; the last of them is the one that it has. */
export interface Revision { rev: number; at: string; by: Person; text: string }
/** A message and all that answer it, directly or not: how many were not deleted, and when the newest of them came. */
export interface Thread { root: string; answers: number; last_at?: string }
/** One emoji on a message; `by` names the first 20. A count of 0 is none. */
export interface Reaction { emoji: string; count: number; by: Person[]; waiting?: boolean }

export interface Edited { kind: "message.edited"; id: string; room: string; at: string; by: Person; message: string; rev?: number; edited_at?: string; text?: string; html?: string; mentions?: Mentions; deleted?: boolean }
export interface Deleted { kind: "message.deleted"; id: string; room: string; at: string; by: Person; message: string; thread?: Thread }
export interface Reacted { kind: "reaction.added" | "reaction.removed"; id: string; room: string; at: string; by: Person; message: string; reaction: Reaction }
export interface Pinned { kind: "message.pinned" | "message.unpinned"; id: string; room: string; at: string; by: Person; message: string }
/** A room as one sees it. */
export interface Room {
  room: string; title: string; topic?: string; private: boolean; recent?: boolean; direct?: boolean; people?: Person[]; archived?: boolean;
  joined: boolean;
  /** what one wants to be told of it; without one everything */
  level?: Level;
  /** from one message of somebody to his next; without it as he likes */
  slow_s?: number;
  /** what one may do with it: change, invite, remove, archive, slow, call */
  may?: string[];
  unread: number; head: string;
  /** how much of what is unread mentions or answers one */
  mentions?: number;
}
/** Somebody as one sees him; `may` is what one may do with him: talk, remove, role, ban, unban. */
export interface Profile extends Person { here: boolean; banned?: boolean; ignored?: boolean; may?: string[] }
/** Somebody was shut out; what he said since `erased_since` is deleted with it, in every room. */
export interface Banned { kind: "person.banned"; id: string; room: string; at: string; by: Person; people: Person[]; erased_since?: string }
/** Kept, and about rooms and who is in them. */
export interface Quiet {
  kind: "room.created" | "room.changed" | "room.archived" | "room.slowed" | "member.joined" | "member.left" | "member.invited" | "member.removed";
  id: string; room: string; at: string; by: Person; title?: string; topic?: string; seconds?: number;
  /** whom it is about, where that is not `by` */
  people?: Person[];
}
/** How far one is in a room, as another of one's own pages has it. */
export interface ReadElsewhere { kind: "read"; room: string; head: string; unread: number; mentions: number; level: Level }
export type Level = "everything" | "mentions" | "nothing" | "invisible";
/** Whom one ignores now. */
export interface Ignored { kind: "ignored"; people: Person[] }
/** How much waits for the moderators; told to them alone. */
export interface Reports { kind: "reports"; open: number }
/** The list of public rooms is another. */
export interface RoomsChanged { kind: "rooms" }
export type Kept = Message | Edited | Deleted | Reacted | Pinned | Quiet | Banned;

export interface Limits { text_bytes: number; messages_per_s?: number }
export interface Hello {
  kind: "hello"; protocol: number; epoch: string; cursor: string; resumed: boolean;
  me: Person; heartbeat_s: number; limits: Limits; build?: string;
}
/** One wants to read again from there on, as any of one's own pages said. */
export interface UnreadFrom { kind: "unread"; room: string; first: string; count: number }
export interface Reset { kind: "reset"; cursor: string }
export interface Live { kind: "live"; cursor: string }
export interface Heartbeat { kind: "heartbeat"; cursor: string }
export interface Ack { kind: "ack"; cid: string; id?: string; dup?: boolean }
export interface Nack { kind: "nack"; cid?: string; code: string; message: string; final: boolean; retry_after_ms?: number }
export interface Drain { kind: "drain"; in_ms: number }
export interface Typing { kind: "typing"; room: string; by: Person }
/** A snapshot (`here`), a difference (`joined`, `left`), or above 200 people only the number. */
export interface Presence { kind: "presence"; count: number; here?: Person[]; joined?: Person[]; left?: Person[] }

export type Frame = Hello | Reset | Live | Heartbeat | Ack | Nack | Drain | Typing | Presence | ReadElsewhere | RoomsChanged | UnreadFrom | Ignored | Reports | Kept;

export interface Post { do: "post"; cid: string; room: string; text: string; reply?: string }
export interface Edit { do: "edit"; cid: string; room: string; message: string; text: string }
export interface Act { do: "delete" | "react" | "unreact" | "pin" | "unpin" | "unread"; cid: string; room: string; message: string; emoji?: string }
export interface TypingOut { do: "typing"; cid: string; room: string }
export interface Ping { do: "ping"; cid: string }
export interface Read { do: "read"; cid: string; room: string; id: string }
export type Command = Post | Edit | Act | TypingOut | Ping | Read;

/** A page of history, oldest first. Its cursor and epoch open the stream right behind it. */
export interface Page { messages: Message[]; has_older: boolean; has_newer?: boolean; cursor: string; epoch: string; people?: Person[] }

/** Which page: the newest without any, or by the id of a message. */
export type Place = { before?: string; after?: string; around?: string };

/** The message that began a thread, and a page of its answers. */
export interface ThreadPage extends Page { root: Message }

/** What the server wrote into the page, see the element with the id "state". */
export interface PageState {
  me: Person;
  room: Room;
  rooms: Room[];
  /** who wrote the messages, with their roles */
  people: Person[];
  /** whom one ignores */
  ignored: Person[];
  messages: Message[];
  has_older: boolean;
  has_newer: boolean;
  /** what was not read when the page was made: by the first such message, and when that was */
  unread?: { first: string; since: string; count: number };
  /** the message that the address names */
  anchor?: string;
  cursor: string;
  epoch: string;
  build: string;
  limits: Limits;
}

/** A message, or something done with one, that is not yet known to be kept by the server. */
export interface OutboxItem {
  cid: string;
  room: string;
  text: string;
  do: "post" | "edit" | Act["do"];
  /** of what is done with a message: which. An edit gives it this text; else the text is empty */
  message?: string;
  mentions?: Mentions;
  /** of a reaction */
  emoji?: string;
  /** what the message answers; `root` began that thread */
  reply?: Quote & { root?: string };
  /** when it was written, Unix milliseconds by this browser's clock */
  at: number;
  state: "waiting" | "sending" | "sent" | "failed";
  /** why it failed, in words for a person */
  reason?: string;
  /** nobody has acknowledged it for ten seconds */
  slow: boolean;
}

export type StreamState =
  | { name: "connecting" | "live" | "paused" }
  | { name: "waiting"; why: "lost" | "restart" | "refused"; message?: string }
  | { name: "stopped"; why: "signed_out" | "banned" | "too_old" | "broken"; message?: string };

/** What of localStorage is used. */
export interface Shelf {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
  keys(): string[];
  /** whether it outlives the page */
  lasting: boolean;
}

/** A line in the map of the keys: keys as keys.js writes them, and what they do in words. */
export interface KeyEntry {
  keys: string[];
  label: string;
}
