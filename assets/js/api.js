/** The server's HTTP, one function for each address. Every failure is an ApiError with words for a person. */

import { text } from "./text.js";

/**
 * @typedef {import("./types.js").Page} Page
 * @typedef {import("./types.js").Person} Person
 * @typedef {import("./types.js").Room} Room
 */

const TIMEOUT_MS = 10_000;

/** The codes that are never worth repeating (protocol, version 1). */
const FINAL = new Set(["bad_request", "too_large", "not_found", "forbidden", "cid_conflict", "banned"]);

export class ApiError extends Error {
  /**
   * @param {number} status the HTTP status, 0 when there was no answer
   * @param {string} code
   * @param {string} message
   * @param {number} [retryAfterMs]
   */
  constructor(status, code, message, retryAfterMs) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }

  get final() {
    return FINAL.has(this.code);
  }
}

/** Who one is. @returns {Promise<Person>} */
export const me = () => call("GET", "/api/me");

/**
 * The newest messages of a room, or those before, behind or around one.
 * @param {string} room
 * @param {import("./types.js").Place} [place]
 * @returns {Promise<Page>}
 */
export const messages = (room, place) => call("GET", `${at(room)}/messages?${part(place)}`);

/**
 * What would be sent on a stream.
 * @param {import("./types.js").Command} command about messages
 * @returns {Promise<{id?: string, dup: boolean}>}
 */
export const carryOut = (command) => call("POST", "/api/commands", command);

/**
 * The thread of a message, with the newest of its answers, or those before, behind or around one.
 * @param {string} room
 * @param {string} message
 * @param {import("./types.js").Place} [place]
 * @returns {Promise<import("./types.js").ThreadPage>}
 */
export const thread = (room, message, place) => call("GET", `${at(room)}/messages/${message}/thread?${part(place)}`);

/** What a message said, and says, for who may read that. @param {string} room @param {string} message @returns {Promise<{revisions: import("./types.js").Revision[]}>} */
export const revisions = (room, message) => call("GET", `${at(room)}/messages/${message}/revisions`);

/** The pinned messages of a room, newest pin first. @param {string} room @returns {Promise<{messages: import("./types.js").Message[]}>} */
export const pins = (room) => call("GET", `${at(room)}/pins`);

/** The rooms that one is in or may join. @returns {Promise<{rooms: Room[], cursor: string}>} */
export const rooms = () => call("GET", "/api/rooms");

/** @param {{room: string, title: string, private: boolean, recent: boolean}} room @returns {Promise<{room: string}>} */
export const createRoom = (room) => call("POST", "/api/rooms", room);

/** @param {string} room @param {string} what @param {object} [body] @returns {Promise<Room>} */
export const roomDoes = (room, what, body = {}) => call("POST", `${at(room)}/${what}`, body);

/** @param {string} room @param {{title?: string, topic?: string}} change */
export const changeRoom = (room, change) => roomDoes(room, "change", change);

/** @param {string} room */
export const archive = (room) => roomDoes(room, "archive");

/** @param {string} room */
export const leave = (room) => roomDoes(room, "leave");

/** @param {string} room @param {import("./types.js").Level} level */
export const setLevel = (room, level) => roomDoes(room, "level", { level });

/** @param {string} room @param {string} person the id */
export const invite = (room, person) => roomDoes(room, "invite", { person });

/** @param {string} room @param {string} person the id */
export const remove = (room, person) => roomDoes(room, "remove", { person });

/** What mentions one, the newest first. @returns {Promise<import("./types.js").MentionPage>} */
export const mentions = () => call("GET", "/api/mentions");

/** Who is in a room. @param {string} room @returns {Promise<{people: (Person & {here: boolean})[]}>} */
export const members = (room) => call("GET", `${at(room)}/members`);

/** Who is known, by a part of the name. @param {string} name @returns {Promise<{people: (Person & {here: boolean})[]}>} */
export const people = (name) => call("GET", `/api/people?${new URLSearchParams({ name })}`);

/** Whom one ignores. @returns {Promise<{people: Person[]}>} */
export const ignored = () => call("GET", "/api/ignored");

/** The conversation with these people. @param {string[]} people their ids @returns {Promise<Room>} */
export const direct = (people) => call("POST", "/api/direct", { people });

/** @param {string} room */
export const join = (room) => call("POST", `${at(room)}/join`, {});

/** @param {string} room */
const at = (room) => `/api/rooms/${encodeURIComponent(room)}`;

/** @param {import("./types.js").Place} [place] */
const part = (place) => new URLSearchParams({ limit: "50", ...place });

/**
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 */
export async function call(method, path, body) {
  /** @type {Response} */
  let response;
  /** @type {any} */
  let answer = null;
  try {
    response = await fetch(path, {
      method,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: body ? { "Content-Type": "application/json" } : {},
      body: body && JSON.stringify(body),
    });
    const answered = await response.text();
    answer = isJSON(response) && answered ? JSON.parse(answered) : null;
  } catch {
    throw new ApiError(0, "unreachable", text("error.unreachable"));
  }
  if (response.ok) return answer;
  throw new ApiError(response.status, answer?.code ?? "unavailable",
    answer?.message ?? text("error.unexplained", { status: response.status }), answer?.retry_after_ms);
}

/** @param {Response} response */
const isJSON = (response) => (response.headers.get("Content-Type") ?? "").includes("json");
