/**
 * Help while writing: marks around what is selected, commands with a slash, and suggestions for :shortcodes: and @names,
 * which are loaded when the first is begun.
 */

import { obey } from "../slash.js";

/** @typedef {import("../types.js").Person} Person */

const BEGUN = /(^|[\s(["'])[:@]\S*$|^\/[a-z-]*$/i; // something that suggestions might complete
const MARKS = new Map([["b", "**"], ["i", "*"], ["`", "`"]]);

/**
 * @param {HTMLFormElement} form the composer @param {() => Person[]} people who may be meant by an @, the likeliest first
 * @param {HTMLElement} note where a refusal is said
 */
export function helpWriting(form, people, note) {
  const field = /** @type {HTMLTextAreaElement} */ (form.querySelector("textarea"));
  /** @type {Promise<import("../later/complete.js").Completion> | undefined} */
  let loading;
  /** @type {import("../later/complete.js").Completion | undefined} */
  let completion;

  field.addEventListener("input", async () => {
    if (!completion && !BEGUN.test(field.value.slice(0, field.selectionStart))) return;
    loading ??= import("../later/complete.js").then(({ Completion }) => new Completion({ form, field, people }));
    try {
      completion = await loading;
      completion.look();
    } catch {
      loading = undefined; // writing goes on without; the next letter tries again
    }
  });

  // Before the composer hears of it: Enter takes a suggestion where there is one.
  form.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.target !== field) return;
    if (completion?.key(event) || wraps(event)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, { capture: true });

  form.addEventListener("submit", (event) => {
    const said = obey(field.value);
    if ("text" in said) {
      if (said.text !== field.value) field.value = said.text;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    note.textContent = said.error;
    field.ariaInvalid = "true";
  }, { capture: true });

  /** @param {KeyboardEvent} event */
  function wraps(event) {
    const mark = MARKS.get(event.key.toLowerCase());
    const command = event.ctrlKey || event.metaKey;
    const selected = field.selectionStart !== field.selectionEnd;
    if (!mark || event.altKey || event.shiftKey && event.key !== "`" || !(command || event.key === "`" && selected)) return false;
    wrap(field, mark);
    return true;
  }
}

/** Puts marks around what is selected, or takes them away again. @param {HTMLTextAreaElement} field @param {string} mark */
function wrap(field, mark) {
  let { selectionStart: start, selectionEnd: end } = field;
  const { value } = field;
  while (start < end && /\s/.test(value[start] ?? "")) start++;
  while (end > start && /\s/.test(value[end - 1] ?? "")) end--;
  const inner = value.slice(start, end);
  const [before, after] = mark === "`" && inner.includes("\n") ? ["```\n", "\n```"] : [mark, mark];
  const single = mark === "*" && value[start - 2] === "*" && value[start - 3] !== "*"; // that is bold, and not italic
  if (!single && value.slice(0, start).endsWith(before) && value.slice(end).startsWith(after)) {
    replace(field, start - before.length, end + after.length, inner);
    field.setSelectionRange(start - before.length, end - before.length);
  } else {
    replace(field, start, end, before + inner + after);
    field.setSelectionRange(start + before.length, end + before.length);
  }
}

/**
 * Types a text in place of another, so that it can be undone.
 * @param {HTMLTextAreaElement} field @param {number} start @param {number} end @param {string} text
 */
export function replace(field, start, end, text) {
  field.setSelectionRange(start, end);
  if (document.execCommand("insertText", false, text)) return;
  field.setRangeText(text, start, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
