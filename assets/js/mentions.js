/** Whom messages mean. No DOM, no network. */

/** @typedef {import("./types.js").Message} Message */

/** Whether a text means somebody who is in the room. @param {import("./types.js").Mentions | undefined} mentions @param {string} me the person's id */
export const means = (mentions, me) => mentions !== undefined
  && (mentions.room === true || mentions.here?.includes(me) === true || mentions.people?.some(({ id }) => id === me) === true);

/** Whether what another says is for somebody: it means or answers him. @param {Message} message @param {string} me */
export const isFor = (message, me) => message.by.id !== me && (means(message.mentions, me) || message.reply?.by?.id === me);
