/** Obeys a command that is submitted in a field. Loaded when the first is written. */

import { text } from "../text.js";
import { obey } from "./slash.js";

/**
 * @param {Event} event its default and other listeners get what is to be sent as text, and nothing of a command
 * @param {{field: HTMLTextAreaElement, note: HTMLElement, complain: (words: string) => void, order: import("./slash.js").Order}} on
 */
export function obeyIn(event, { field, note, complain, order }) {
  const said = obey(field.value, order.room());
  if ("text" in said) {
    if (said.text !== field.value) field.value = said.text;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  if ("error" in said) return complain(said.error);
  const written = field.value;
  fill(field, "");
  order.carryOut(said.deed, said.rest).then((done) => { note.textContent = done; }, (error) => {
    if (!field.value) fill(field, written); // if nothing else was begun there
    complain(error instanceof TypeError ? text("message.not_now") : error.message);
  });
}

/** @param {HTMLTextAreaElement} field @param {string} words */
function fill(field, words) {
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
