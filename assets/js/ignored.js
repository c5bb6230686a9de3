/** Whom one ignores, as the server last said. No DOM. */

/** @type {Set<string>} */
let ignored = new Set();

/** @param {{id: string}[]} people all whom one ignores now */
export function ignoreOnly(people) {
  ignored = new Set(people.map(({ id }) => id));
}

/** @param {string} id */
export const isIgnored = (id) => ignored.has(id);
