/** The server's HTTP, one function for each address. Every failure is an ApiError with words for a person. */

/**
 * @typedef {import("./types.js").Page} Page
 * @typedef {import("./types.js").Person} Person
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
 * The newest messages of a room, or the ones before `before`.
 * @param {string} room
 * @param {string} [before] the id of a message
 * @returns {Promise<Page>}
 */
export function messages(room, before) {
  const query = new URLSearchParams({ limit: "50", ...(before && { before }) });
  return call("GET", `/api/rooms/${encodeURIComponent(room)}/messages?${query}`);
}

/**
 * What would be sent on a stream.
 * @param {import("./types.js").Command} command about messages
 * @returns {Promise<{id?: string, dup: boolean}>}
 */
export const carryOut = (command) => call("POST", "/api/commands", command);

/**
 * The thread of a message, with the newest of its answers, or those before `before`.
 * @param {string} room
 * @param {string} message
 * @param {string} [before] the id of an answer
 * @returns {Promise<import("./types.js").ThreadPage>}
 */
export function thread(room, message, before) {
  const query = new URLSearchParams({ limit: "50", ...(before && { before }) });
  return call("GET", `/api/rooms/${encodeURIComponent(room)}/messages/${encodeURIComponent(message)}/thread?${query}`);
}

/** What one's own message said, and says. @param {string} room @param {string} message @returns {Promise<{revisions: import("./types.js").Revision[]}>} */
export const revisions = (room, message) => call("GET", `/api/rooms/${encodeURIComponent(room)}/messages/${encodeURIComponent(message)}/revisions`);

/** The pinned messages of a room, newest pin first. @param {string} room @returns {Promise<{messages: import("./types.js").Message[]}>} */
export const pins = (room) => call("GET", `/api/rooms/${encodeURIComponent(room)}/pins`);

/** @param {string} room */
export const join = (room) => call("POST", `/api/rooms/${encodeURIComponent(room)}/join`, {});

/**
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 */
async function call(method, path, body) {
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
    const text = await response.text();
    answer = isJSON(response) && text ? JSON.parse(text) : null;
  } catch {
    throw new ApiError(0, "unreachable", "The server does not answer.");
  }
  if (response.ok) return answer;
  throw new ApiError(response.status, answer?.code ?? "unavailable",
    answer?.message ?? `The server answered ${response.status}.`, answer?.retry_after_ms);
}

/** @param {Response} response */
const isJSON = (response) => (response.headers.get("Content-Type") ?? "").includes("json");
