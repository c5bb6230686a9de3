/** How a message will stand once what is done with it has reached the server. Knows no DOM. */

/**
 * @typedef {import("../types.js").Message} Message
 * @typedef {import("../types.js").OutboxItem} OutboxItem
 * @typedef {import("../types.js").Person} Person
 */

/**
 * @param {Message} message is left as it is
 * @param {readonly OutboxItem[]} items the outbox, in its order
 * @param {Person} me
 * @returns {Message}
 */
export function expected(message, items, me) {
  let now = message;
  for (const item of items) {
    if (item.message === message.id && item.state !== "failed" && !now.deleted) now = after(now, item, me);
  }
  return now;
}

/** @param {Message} message @param {OutboxItem} item @param {Person} me @returns {Message} */
function after(message, item, me) {
  const waiting = item.state === "waiting" || item.slow;
  switch (item.do) {
    case "pin":
      return { ...message, pinned: true, waits: { ...message.waits, pin: waiting } };
    case "unpin":
      return { ...message, pinned: false };
    case "delete":
      return { ...message, waits: { ...message.waits, delete: waiting } };
    case "react":
    case "unreact":
      return { ...message, reactions: reacted(message.reactions ?? [], item.emoji ?? "", me, item.do === "react", waiting) };
  }
  return message;
}

/** @param {import("../types.js").Reaction[]} all @param {string} emoji @param {Person} me @param {boolean} on @param {boolean} waiting */
function reacted(all, emoji, me, on, waiting) {
  const old = all.find((one) => one.emoji === emoji) ?? { emoji, count: 0, by: [] };
  const mine = old.by.some(({ id }) => id === me.id);
  if (mine === on) return all;
  const now = on ? { emoji, count: old.count + 1, by: [...old.by, me], waiting } : { emoji, count: old.count - 1, by: old.by.filter(({ id }) => id !== me.id), waiting };
  const rest = all.includes(/** @type {any} */ (old)) ? all.map((one) => (one === old ? now : one)) : [...all, now];
  return rest.filter(({ count }) => count > 0);
}
