/** What makes the room fit who sits before it: keys, their map, how close messages stand. */

import { byId } from "./dom.js";
import { allKeys, onKeys, strike } from "./keys.js";

/** @param {{atMessage: () => Promise<import("./types.js").KeyEntry[]>}} options the keys that act at a message */
export function openComfort({ atMessage }) {
  const map = async () => (await import("./later/keymap.js")).openKeymap(allKeys(), await atMessage());
  const region = async (/** @type {1 | -1} */ step) => (await import("./later/regions.js")).focusRegion(step);
  onKeys(
    { keys: ["F6"], says: "keys.part_after", act: () => void region(1) },
    { keys: ["Shift+F6"], says: "keys.part_before", act: () => void region(-1) },
    { keys: ["Escape"], says: "keys.back", act: focusField },
    { keys: ["?"], says: "keys.map", act: () => void map() },
  );
  document.addEventListener("keydown", strike);
  const button = byId("keys-button", HTMLButtonElement);
  button.disabled = false;
  button.addEventListener("click", () => void map());
  const form = byId("density", HTMLFormElement);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    import("./later/density.js").then(({ switchDensity }) => switchDensity(form)).catch(() => form.submit());
  });
}

/** To where one writes, or else reads; false if one is there, or something is open that this key closes. */
function focusField() {
  const field = document.querySelector("#text") ?? byId("scroller", HTMLElement);
  if (document.activeElement === field || document.querySelector(":popover-open, .menu-box")) return false;
  /** @type {HTMLElement} */ (field).focus({ preventScroll: true });
  return true;
}
