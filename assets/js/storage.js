/** localStorage where it works, memory where it does not (private windows, full disks): nothing here ever throws. */

/** @typedef {import("./types.js").Shelf} Shelf */

/**
 * @param {() => Storage} open gives the browser's storage; may throw
 * @returns {Shelf}
 */
export function openShelf(open) {
  /** @type {Map<string, string>} */
  const memory = new Map();
  /** @type {Storage | null} */
  let storage = null;
  try {
    storage = open();
    storage.setItem("chatd.probe", "1");
    storage.removeItem("chatd.probe");
  } catch {
    storage = null;
  }
  return {
    lasting: storage !== null,
    getItem: (key) => memory.get(key) ?? storage?.getItem(key) ?? null,
    setItem(key, value) {
      try {
        if (!storage) throw new Error("no storage");
        storage.setItem(key, value);
        memory.delete(key);
      } catch {
        memory.set(key, value); // full: kept at least as long as the page is open
      }
    },
    removeItem(key) {
      memory.delete(key);
      storage?.removeItem(key);
    },
    keys: () => [...new Set([...(storage ? Object.keys(storage) : []), ...memory.keys()])],
  };
}
