/** What a word that was begun may become: an emoji by its shortcode, a name, or a command at the beginning. No DOM, no network. */

import { COMMANDS } from "./slash.js";
import { text } from "../text.js";
import { TABLE } from "./emoji.js";

/**
 * @typedef {import("../types.js").Person} Person
 * @typedef {{people: Person[], all: boolean}} Callable whom one may mean, the likeliest first, and whether everybody
 * @typedef {{insert: string, sign: string, label: string}} Suggestion `insert` is what is typed, `sign` a picture before the label
 */

const MOST = 6;
const COMMAND = /^\/[a-z-]*$/i;
const WORD = /(?:^|[\s(["'])(:[\p{L}\d_+-]{2,}:?|@[^\s@]*)$/u;

/** by its name @type {Map<string, string>} */
const emoji = new Map();
for (const entry of TABLE.split("|")) {
  const [sign = "", names = ""] = entry.split(" ");
  for (const name of names.split(",")) emoji.set(name, sign);
}

/**
 * The shortcode, name or command that is being written before the cursor; null inside `code`.
 * @param {string} before the text up to the cursor
 */
export function begun(before) {
  if (COMMAND.test(before)) return before;
  const word = WORD.exec(before)?.[1];
  if (word === undefined || (before.split("`").length - 1) % 2 === 1) return null;
  return word;
}

/** The emoji of a whole shortcode, ":tada:", or undefined. @param {string} word */
export const emojiOf = (word) => (word.endsWith(":") ? emoji.get(word.slice(1, -1).toLowerCase()) : undefined);

/** A name as the server finds it in a text. @param {string} name */
export const naming = (name) => (/[\s"“”]|^[-_]|[-_]$|[^\p{L}\p{M}\p{N}_-]/u.test(name) ? name.includes('"') ? `@“${name}”` : `@"${name}"` : `@${name}`);

/** @param {string} word as begun returns it @param {Callable} [callable] @param {import("../types.js").Room} [room] whose commands are meant @returns {Suggestion[]} */
export function suggestions(word, { people, all } = { people: [], all: false }, room = undefined) {
  const query = word.slice(1).toLowerCase();
  if (word.startsWith(":")) {
    return best([...emoji.keys()], query, (name) => name, (a, b) => a.length - b.length)
      .map((name) => ({ insert: emoji.get(name) ?? "", sign: emoji.get(name) ?? "", label: `:${name}:` }));
  }
  if (word.startsWith("/")) {
    return [...COMMANDS].filter(([name, { here }]) => name.startsWith(query) && room && here(room))
      .map(([name, { usage, does }]) => ({ insert: `/${name}`, sign: "", label: `${text(usage)} – ${text(does)}` }));
  }
  const names = [...new Set(people.map((person) => person.name))];
  const found = best(names, query.replace(/^["“]/, ""), (name) => name.toLowerCase(), () => 0).map((name) => ({ insert: naming(name), sign: "", label: `@${name}` }));
  const everybody = ["room", "here"].filter((name) => all && name.startsWith(query)).map((name) => ({ insert: `@${name}`, sign: "", label: `@${name}` }));
  return [...found.slice(0, MOST - everybody.length), ...everybody];
}

/**
 * Those that begin with the query, then those of which a later word does, then those that have it inside.
 * @template T @param {T[]} all @param {string} query @param {(one: T) => string} words @param {(a: T, b: T) => number} order
 */
function best(all, query, words, order) {
  const rank = (/** @type {T} */ one) => {
    const at = words(one).indexOf(query);
    return at <= 0 ? at : /[\s_-]/.test(words(one)[at - 1] ?? "") ? 1 : 2;
  };
  return all.map((one) => ({ one, rank: rank(one) })).filter(({ rank }) => rank >= 0)
    .sort((a, b) => a.rank - b.rank || order(a.one, b.one)).slice(0, MOST).map(({ one }) => one);
}
