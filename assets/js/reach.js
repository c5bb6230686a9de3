/** Brings what can be done with messages to a list of them: clicks on what stands with one, and the toolbar, which is loaded when somebody first goes near. */

/**
 * @typedef {import("./types.js").Message} Message
 * @typedef {import("./later/toolbar.js").Toolbar} Toolbar
 * @typedef {ConstructorParameters<typeof import("./later/toolbar.js").Toolbar>[0]} Options
 */

const KINDS = ["pointerover", "focusin", "keydown", "pointerdown"];

/**
 * @param {Options} options of the toolbar
 * @param {{writable: boolean, jump: (id: string) => boolean, open: (root: string) => void, refused: () => void,
 *   earlier: (li: HTMLElement) => void}} on
 *   `jump` says whether it could; `refused` when the toolbar cannot be loaded; `earlier` shows or hides what a message said before
 * @returns {() => Promise<unknown>} loads the toolbar before it is needed
 */
export function reach(options, { writable, jump, open, refused, earlier }) {
  const { list, scroller, act } = options;
  list.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const [quote, answers, chip] = [".quote", ".answers", ".chip"].map((part) => /** @type {HTMLElement | null} */ (target.closest(part)));
    const li = target.closest("li.message");
    if (target.closest("button.edited") && li instanceof HTMLElement) earlier(li);
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (quote && plain && jump(quote.dataset["to"] ?? "")) event.preventDefault();
    if (answers && plain) {
      event.preventDefault();
      open(answers.dataset["thread"] ?? "");
    }
    if (chip && writable) act(chip.ariaPressed === "true" ? "unreact" : "react", chip.closest("li")?.dataset["id"] ?? "", chip.dataset["emoji"]);
  });
  if (!writable) return async () => {};

  /** @type {Promise<Toolbar> | undefined} */
  let loading;
  const toolbar = () => loading ??= import("./later/toolbar.js").then(({ Toolbar }) => new Toolbar(options)).catch((error) => {
    loading = undefined;
    throw error;
  });
  /** what somebody did last while the toolbar was on its way @type {Event | undefined} */
  let last;
  const first = (/** @type {Event} */ event) => {
    last = event;
    toolbar().then((bar) => {
      for (const kind of KINDS) scroller.removeEventListener(kind, first);
      if (last) bar.met(last);
      last = undefined;
    }, refused);
  };
  for (const kind of KINDS) scroller.addEventListener(kind, first);
  return toolbar;
}
