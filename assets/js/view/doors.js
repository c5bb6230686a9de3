/** The ways into a room and out of the house. */

import { text } from "../text.js";

/**
 * @param {HTMLButtonElement} button
 * @param {HTMLElement} note where a refusal is said
 * @param {() => Promise<unknown>} join
 */
export function joinOnClick(button, note, join) {
  button.disabled = false; // a click before this would be lost
  button.addEventListener("click", () => {
    join().then(() => location.reload(), (error) => { note.textContent = error.message; });
  });
}

/**
 * Signing out takes along what this browser keeps of the person; what is not sent yet is asked about first.
 * @param {HTMLElement} form
 * @param {{unsent: () => boolean, forget: () => void}} options
 */
export function forgetOnLeave(form, { unsent, forget }) {
  form.addEventListener("submit", (event) => {
    if (unsent() && !confirm(text("message.unsent"))) event.preventDefault();
    else forget();
  });
}
