/**
 * Which thread stands beside the room. The address says so (#thread-813): going back closes it, a reload keeps it, and it can
 * be given to others. What shows it is loaded when the first thread is opened.
 */

/** @typedef {import("./later/thread.js").Thread} Thread */

const PREFIX = "#thread-";

/**
 * @param {{load: () => Promise<typeof import("./later/thread.js")>, open: (module: typeof import("./later/thread.js"), root: string) => Thread,
 *   refused: () => void}} options `refused` when it cannot be loaded
 */
export function threads({ load, open, refused }) {
  /** @type {Thread | null} */
  let thread = null;
  let turn = 0;

  async function follow() {
    const root = location.hash.startsWith(PREFIX) ? location.hash.slice(PREFIX.length) : "";
    if (thread && thread.root === root) return;
    const mine = ++turn;
    thread?.close();
    thread = null;
    if (!root) return;
    try {
      const module = await load();
      if (mine === turn) thread = open(module, root);
    } catch {
      history.replaceState(null, "", location.pathname);
      refused();
    }
  }

  window.addEventListener("popstate", follow);
  return {
    get open() {
      return thread;
    },
    /** Opens what the address names. */
    follow,
    /** @param {string} root */
    show(root) {
      if (thread?.root === root) return thread.focus();
      const to = PREFIX + root;
      if (thread) history.replaceState(history.state, "", to); // one step back leads to the room
      else history.pushState({ thread: true }, "", to);
      follow();
    },
    hide() {
      if (history.state?.thread) return history.back();
      history.replaceState(null, "", location.pathname);
      follow();
    },
  };
}
