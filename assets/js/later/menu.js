/** What opens at a message: emoji to react with, and the menu of everything else. A sheet at the bottom of a small screen. */

import { el } from "../dom.js";
import { text } from "../text.js";

const QUICK = ["👍", "❤️", "😄", "🎉", "👀", "✅"];

/** @typedef {{label: string, key?: string, danger?: boolean, act: () => boolean | void}} Item `act` says true to keep the menu open */

/**
 * @param {HTMLElement} li
 * @param {{items: Item[], react?: (emoji: string) => void, first?: string, closed: () => void}} options
 *   without `items` only the emoji; `first` is the label of the item that gets the focus
 * @returns {() => void} closes it
 */
export function openMenu(li, { items, react, first, closed }) {
  const box = el("div.menu-box", { "aria-live": "off" });
  const close = () => {
    if (!box.isConnected) return;
    box.remove();
    document.removeEventListener("pointerdown", outside, true);
    document.removeEventListener("keydown", escape, true);
    closed();
  };
  const outside = (/** @type {Event} */ event) => !box.contains(/** @type {Node} */ (event.target)) && close();
  const escape = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close();
  };
  if (react) {
    const pick = (/** @type {string} */ emoji) => {
      close();
      react(emoji);
    };
    const field = el("input", { type: "text", "aria-label": text("message.emoji_any"), placeholder: text("message.emoji_other"), autocomplete: "off", enterkeyhint: "done" });
    field.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key !== "Enter" || event.isComposing || !field.value.trim()) return;
      event.preventDefault(); // the button that gets the focus back is not pressed by it
      pick(field.value.trim());
    });
    box.append(el("div.quick", { role: "group", "aria-label": text("message.react") },
      ...QUICK.map((emoji) => el("button.emoji", { type: "button", "aria-label": text("message.react_with", { emoji }), onclick: () => pick(emoji) }, emoji)), field));
  }
  if (items.length > 0) {
    box.append(el("div.menu", { role: "menu", "aria-label": text("message.menu") }, ...items.map(({ label, key, danger, act }) => el(`button.item${danger ? ".danger" : ""}`,
      { type: "button", role: "menuitem", tabindex: -1, "aria-keyshortcuts": key, onclick() { if (!act()) close(); } }, el("span", {}, label), ...(key ? [el("kbd", { "aria-hidden": "true" }, key === "Delete" ? text("message.delete_key") : key)] : [])))));
  }
  box.addEventListener("keydown", (event) => key(event, box, close));
  const list = li.closest(".scroller");
  const [at, around] = [li.getBoundingClientRect(), list?.getBoundingClientRect()];
  box.classList.toggle("up", around !== undefined && at.top > (around.top + around.bottom) / 2);
  li.append(box);
  if (around) {
    const { top, bottom } = box.getBoundingClientRect();
    // where it fits neither above nor below, it lies beside
    box.style.setProperty("--lift", `${Math.max(0, bottom - around.bottom) - Math.max(0, around.top - top)}px`);
  }
  document.addEventListener("pointerdown", outside, true);
  document.addEventListener("keydown", escape, true);
  const buttons = [...box.querySelectorAll("button")];
  (buttons.find((b) => b.firstChild?.textContent === first) ?? box.querySelector(".item") ?? buttons[0])?.focus({ preventScroll: true });
  return close;
}

/** @param {KeyboardEvent} event @param {HTMLElement} box @param {() => void} close */
function key(event, box, close) {
  event.stopPropagation();
  if (event.key === "Tab") return close();
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  const stops = [...box.querySelectorAll(document.activeElement?.closest(".menu") ? ".item" : ".quick > *")];
  const i = stops.indexOf(/** @type {Element} */ (document.activeElement));
  const next = event.key === "Home" ? stops[0] : event.key === "End" ? stops.at(-1) : step && stops[(i + step + stops.length) % stops.length];
  if (!(next instanceof HTMLElement)) return;
  event.preventDefault();
  next.focus({ preventScroll: true });
}
