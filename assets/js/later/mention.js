/** Whom messages mean, where they are shown: one's own name stands out, and names follow those who bear them. */

/**
 * Marks what means the person in this list, whenever and however it comes into it.
 * @param {HTMLElement} list @param {string} me the person's id
 * @returns {(people: import("../types.js").Person[]) => void} to be told of people as they are called now
 */
export function followMentions(list, me) {
  const mark = (/** @type {ParentNode} */ where) => {
    for (const name of where.querySelectorAll(".mention:not(.mine)")) {
      const mine = name instanceof HTMLElement && (name.dataset["person"] === me || name.classList.contains("all"));
      const own = name.closest(".message")?.querySelector(".head")?.getAttribute("data-by") === me;
      if (mine && !own) name.classList.add("mine");
    }
    for (const message of list.querySelectorAll(".message")) message.classList.toggle("for-me", message.querySelector(".mention.mine") !== null);
  };
  mark(list);
  new MutationObserver((changes) => {
    if (changes.some(({ addedNodes }) => addedNodes.length > 0)) mark(list);
  }).observe(list, { childList: true, subtree: true });
  return (people) => {
    for (const { id, name } of people) {
      for (const shown of list.querySelectorAll(`.mention[data-person="${CSS.escape(id)}"]`)) {
        if (shown.textContent !== `@${name}`) shown.textContent = `@${name}`;
      }
    }
  };
}

/**
 * What of @here and @room a text calls that its author may not call, so that it stays a word: "" if nothing.
 * @param {import("../types.js").Message} message
 */
export function unheard({ text = "", mentions }) {
  const word = /(?:^|[\s(])@(here|room)(?![\p{L}\p{N}_-])/iu.exec(text.replace(/`[^`]*`/g, ""))?.[1]?.toLowerCase();
  if (!word || word === "room" && mentions?.room || word === "here" && mentions?.here) return "";
  return `@${word}`;
}
