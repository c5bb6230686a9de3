/** What keys do anywhere in the room: one table, by which they act and which the map on "?" shows. */

/**
 * `keys` as keyOf() writes them. `act` says false if it did nothing; the key is the browser's then.
 * @typedef {{keys: string[], says: import("./text.js").Key, act: () => boolean | void}} Shortcut
 */

/** @type {Shortcut[]} */
const shortcuts = [];

/** @param {...Shortcut} more */
export const onKeys = (...more) => void shortcuts.push(...more);

/** @returns {readonly Shortcut[]} in the order in which they came */
export const allKeys = () => shortcuts;

/** "Control+k" (Command is Control, too), "Alt+Shift+ArrowUp", "?". @param {KeyboardEvent} event */
export function keyOf({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  const named = key.length > 1; // a letter or sign has its Shift in itself
  return `${ctrlKey || metaKey ? "Control+" : ""}${altKey ? "Alt+" : ""}${shiftKey && named ? "Shift+" : ""}${named ? key : key.toLowerCase()}`;
}

/** Acts by the table: not behind a dialog, and signs not while somebody writes. @param {KeyboardEvent} event */
export function strike(event) {
  if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
  const key = keyOf(event);
  if (key.length === 1 && event.target instanceof Element && event.target.matches("input, textarea, select")) return;
  const found = shortcuts.find(({ keys }) => keys.includes(key));
  if (found && found.act() !== false) event.preventDefault();
}
