/**
 * Help while writing: marks around what is selected, commands with a slash, and suggestions for :shortcodes: and @names,
 * which are loaded when the first is begun.
 */

import { text } from "../text.js";

/** @typedef {import("../types.js").Person} Person */

const BEGUN = /(^|[\s(["'])[:@]\S*$|^\/[a-z-]*$/i; // something that suggestions might complete
/** The marks that Ctrl and a key puts around what is selected. */
export const MARKS = new Map([["b", "**"], ["i", "*"], ["`", "`"]]);

/**
 * @param {{form: HTMLFormElement, note: HTMLElement, callable: () => Promise<import("../later/suggest.js").Callable>, order: import("../later/slash.js").Order}} options
 *   `form` is the composer, `note` where it is said what a command did; `callable` whom one may mean by an @, the likeliest first, and whether everybody
 */
export function helpWriting({ form, note, callable, order }) {
  const field = /** @type {HTMLTextAreaElement} */ (form.querySelector("textarea"));
  /** @type {Promise<import("../later/complete.js").Completion> | undefined} */
  let loading;
  /** @type {import("../later/complete.js").Completion | undefined} */
  let completion;
  /** @type {typeof import("../later/commands.js") | undefined} */
  let commands;

  // before the connection may be gone
  field.addEventListener("input", () => void Promise.all([import("../later/marks.js"), import("../later/commands.js")]).catch(() => {}), { once: true });

  field.addEventListener("input", async () => {
    if (!completion && !BEGUN.test(field.value.slice(0, field.selectionStart))) return;
    loading ??= import("../later/complete.js").then(({ Completion }) => new Completion({ form, field, callable, room: order.room }));
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
    if (!field.value.startsWith("/")) return;
    if (commands) return commands.obeyIn(event, { field, complain, note, order });
    event.preventDefault();
    event.stopImmediatePropagation();
    import("../later/commands.js").then((module) => {
      commands = module;
      form.requestSubmit();
    }).catch(() => complain(text("message.not_now")));
  }, { capture: true });

  /** @param {string} words */
  function complain(words) {
    note.textContent = words;
    field.ariaInvalid = "true";
  }

  /** @param {KeyboardEvent} event */
  function wraps(event) {
    const mark = MARKS.get(event.key.toLowerCase());
    const command = event.ctrlKey || event.metaKey;
    const selected = field.selectionStart !== field.selectionEnd;
    if (!mark || event.altKey || event.shiftKey && event.key !== "`" || !(command || event.key === "`" && selected)) return false;
    void import("../later/marks.js").then(({ wrap }) => wrap(field, mark), () => complain(text("message.not_now")));
    return true;
  }
}
