/** What makes the room fit who sits before it: the keys that lead around in it, their map, and how close messages stand. */

import { density } from "./api.js";
import { byId } from "./dom.js";
import { allKeys, onKeys, strike } from "./keys.js";
import { switchDensity } from "./view/density.js";
import { focusField, focusRegion } from "./view/regions.js";

/** @param {{atMessage: () => Promise<import("./types.js").KeyEntry[]>}} options the keys that act at a message */
export function openComfort({ atMessage }) {
  const map = async () => {
    const [{ openKeymap }, messageKeys] = await Promise.all([import("./later/keymap.js"), atMessage()]);
    openKeymap(allKeys(), messageKeys);
  };
  onKeys(
    { keys: ["F6"], says: "keys.part_after", act: () => focusRegion(1) },
    { keys: ["Shift+F6"], says: "keys.part_before", act: () => focusRegion(-1) },
    { keys: ["Escape"], says: "keys.back", act: focusField },
    { keys: ["?"], says: "keys.map", act: () => void map() },
  );
  document.addEventListener("keydown", strike);
  const button = byId("keys-button", HTMLButtonElement);
  button.disabled = false;
  button.addEventListener("click", () => void map());
  switchDensity(byId("density", HTMLFormElement), density);
}
