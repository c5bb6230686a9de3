/** The list of pinned messages, loaded when it is opened. */

import { pins } from "./api.js";
import { byId } from "./dom.js";

/**
 * @param {{room: string, unpin?: (id: string) => void, find: (id: string) => Element | null, jump: (id: string) => boolean}} on
 * @returns {{changed: () => void}} to be called when something became of a message
 */
export function pinned({ room, unpin, find, jump }) {
  const panel = byId("pins", HTMLElement);
  async function show() {
    const [{ fillPins }, found] = await Promise.all([import("./later/pins.js"), pins(room).catch((error) => error)]);
    fillPins(byId("pins-list", HTMLElement), found.messages ?? found.message, {
      room,
      unpin,
      jump(id) {
        if (!find(id)) return false;
        panel.hidePopover();
        return jump(id);
      },
    });
  }
  panel.addEventListener("toggle", (event) => /** @type {ToggleEvent} */ (event).newState === "open" && show());
  return { changed: () => void (panel.matches(":popover-open") && show()) };
}
