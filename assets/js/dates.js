/** Times in the reader's own zone and the page's language. Knows no DOM. */

import { locale } from "./text.js";

const clock = new Intl.DateTimeFormat(locale, { timeStyle: "short" });
const full = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "medium" });
const thisYear = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" });
const otherYear = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric" });
const short = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });

const GROUP_MS = 5 * 60_000;

/** @param {Date} at */
export const timeOfDay = (at) => clock.format(at);
/** @param {Date} at */
export const fullDate = (at) => full.format(at);

/** The time of day; of another day that day. @param {Date} at @param {Date} now */
export const shortTime = (at, now) => (dayOf(at) === dayOf(now) ? clock : short).format(at);

/**
 * The reader's calendar day, as 2026-11-22.
 * @param {Date} at
 */
export function dayOf(at) {
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/**
 * Today, Yesterday, or the date.
 * @param {Date} at
 * @param {Date} now
 */
export function dayLabel(at, now) {
  // noon to noon, so that a day of 23 or 25 hours counts as one
  const noon = (/** @type {Date} */ d) => new Date(d.getFullYear(), d.getMonth(), d.getDate(), 12).getTime();
  const days = Math.round((noon(at) - noon(now)) / 86_400_000);
  if (days === 0 || days === -1) return capital(relative.format(days, "day"));
  return capital((at.getFullYear() === now.getFullYear() ? thisYear : otherYear).format(at));
}

/** Milliseconds until the reader's next midnight. @param {Date} now */
export function untilMidnight(now) {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1).getTime() - now.getTime();
}

/**
 * Whether a message continues the one before it: the same person, the same day, within five minutes.
 * @param {{by: string, at: Date} | undefined} before
 * @param {{by: string, at: Date}} message
 */
export function continues(before, message) {
  return before !== undefined && before.by === message.by && dayOf(before.at) === dayOf(message.at)
    && Math.abs(message.at.getTime() - before.at.getTime()) < GROUP_MS;
}

/** @param {string} text */
const capital = (text) => text.charAt(0).toLocaleUpperCase() + text.slice(1);
