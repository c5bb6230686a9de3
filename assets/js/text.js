/**
 * What the page says, in its language. The words are not here: a module for each language, text/de.js, hands them over before
 * any other runs. Knows no DOM.
 */

/**
 * @typedef {keyof typeof import("../text/en.json")} Key
 * @typedef {Record<string, string>} Forms one text by the plural categories of CLDR
 */

/** How dates and numbers are written, for Intl: the page's language as this reader's browser writes it. @type {string | undefined} */
export let locale;

/** @type {Record<string, string | Forms>} */
let texts = {};
let plurals = new Intl.PluralRules();
let numbers = new Intl.NumberFormat();
let lists = new Intl.ListFormat();

/** @param {string} tag the page's language @param {Record<string, string | Forms>} catalogue */
export function speak(tag, catalogue) {
  texts = catalogue;
  const spoken = [Intl.DateTimeFormat().resolvedOptions().locale, ...(globalThis.navigator?.languages ?? [])].find((own) => own.split("-")[0] === tag) ?? tag;
  locale = new Intl.Locale(spoken, { numberingSystem: "latn" }).toString(); // the digits that the server writes
  plurals = new Intl.PluralRules(locale);
  numbers = new Intl.NumberFormat(locale);
  lists = new Intl.ListFormat(locale);
}

/** @param {number} n */
export const number = (n) => numbers.format(n);

/** "Ann, Bob, and Eve" @param {string[]} words */
export const list = (words) => lists.format(words);

/**
 * `text("unread.new", { count: 3 })`: the values come into the places of their names, and `count` chooses the plural.
 * @param {Key} key
 * @param {Record<string, string | number>} [values]
 */
export const text = (key, values = {}) => parts(key, values).join("");

/**
 * The same in pieces, for values that are elements.
 * @template {{}} V
 * @param {Key} key
 * @param {Record<string, string | number | V>} values
 * @returns {(string | V)[]}
 */
export function parts(key, values) {
  const found = texts[key] ?? key;
  const words = typeof found === "string" ? found : found[plurals.select(Number(values["count"]))] ?? found["other"] ?? key;
  return words.split(/\{(\w+)\}/).map((part, i) => {
    const value = i % 2 === 1 ? values[part] ?? "" : part;
    return typeof value === "number" ? number(value) : value;
  });
}
