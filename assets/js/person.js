/** How a person looks: a colour and a letter, the same in every browser and on the server. Knows no DOM. */

const HUES = 12;

/**
 * The number of the person's colour class, 0 to 11: FNV-1a (32 bit) of the id's UTF-8, as the server computes it.
 * @param {string} id
 */
export function hue(id) {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(id)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return (hash >>> 0) % HUES;
}

const graphemes = typeof Intl.Segmenter === "function" ? new Intl.Segmenter(undefined, { granularity: "grapheme" }) : null;

/**
 * The first grapheme of a name, upper-cased.
 * @param {string} name
 */
export function initial(name) {
  const first = graphemes ? [...graphemes.segment(name.slice(0, 64))][0]?.segment : [...name][0];
  return (first ?? "?").toUpperCase();
}
