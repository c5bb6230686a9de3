/**
 * Two ways to carry the stream, one shape: a Link. Frames come in through `on.frame`; `on.end` is called once when the other
 * side ended it, never after close().
 */

/**
 * @typedef {import("./types.js").Frame} Frame
 * @typedef {import("./types.js").Command} Command
 * @typedef {{frame: (frame: Frame) => void, end: (code: number) => void}} On
 * @typedef {{send: (command: Command) => void, close: () => void}} Link
 * @typedef {(query: string, on: On) => Link} Dial
 */

import { ApiError, carryOut } from "./api.js";

const PATH = "/api/stream?";

/** @type {Dial} */
export function overWebSocket(query, on) {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(`${scheme}//${location.host}${PATH}${query}`, "chatd.v1");
  socket.onmessage = (event) => on.frame(JSON.parse(event.data));
  socket.onclose = (event) => on.end(event.code);
  return {
    send(command) {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(command));
    },
    close() {
      socket.onmessage = socket.onclose = null;
      socket.close();
    },
  };
}

/**
 * Server-sent events one way, POST the other. Its answers become the frames that a WebSocket would have brought, so nobody
 * behind it needs to know.
 * @type {Dial}
 */
export function overEvents(query, on) {
  const source = new EventSource(PATH + query);
  let closed = false;
  source.onmessage = (event) => on.frame(JSON.parse(event.data));
  source.onerror = () => {
    source.close(); // reconnecting is the stream's business
    if (!closed) on.end(0);
  };
  return {
    send(command) {
      if (command.do === "typing" || command.do === "read" || command.do === "ping") return; // no signals this way
      carryOut(command).then(
        (answer) => closed || on.frame({ kind: "ack", cid: command.cid, ...answer }),
        (error) => closed || on.frame(nack(command.cid, error)),
      );
    },
    close() {
      closed = true;
      source.close();
    },
  };
}

/**
 * @param {string} cid
 * @param {unknown} error
 * @returns {Frame}
 */
function nack(cid, error) {
  const e = error instanceof ApiError ? error : new ApiError(0, "unavailable", String(error));
  return { kind: "nack", cid, code: e.code, message: e.message, final: e.final, retry_after_ms: e.retryAfterMs };
}
