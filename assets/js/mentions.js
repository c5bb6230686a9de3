/** Whom messages mean. No DOM, no network. */

/** @typedef {import("./types.js").Message} Message */

/** Whether a text means somebody who is in the room. @param {import("./types.js").Mentions | undefined} mentions @param {string} me the person's id */
export const means = (mentions, me) => mentions !== undefined
  && (mentions.room === true || mentions.here?.includes(me) === true || mentions.people?.some(({ id }) => id === me) === true);

/** Whether what another says is for somebody: it means or answers him. @param {Message} message @param {string} me */
export const isFor = (message, me) => message.by.id !== me && (means(message.mentions, me) || message.reply?.by?.id === me);

/**
 * What of @here and @room a text calls that its author may not call, so that it stays a word: "" if nothing.
 * @param {Message} message
 */
export function unheard({ text = "", mentions }) {
  const word = /(?:^|[\s(])@(here|room)(?![\p{L}\p{N}_-])/iu.exec(text.replace(/`[^`]*`/g, ""))?.[1]?.toLowerCase();
  if (!word || word === "room" && mentions?.room || word === "here" && mentions?.here) return "";
  return `@${word}`;
}
