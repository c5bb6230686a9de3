/**
 * Where in the room one is, kept with the browser's history: going back and forward, and loading the page again, lead to the
 * same message at the same height. At the bottom there is none.
 */

/** @typedef {{id: string, top: number}} Spot a message, and how far below the top of the list it is */

const REST_MS = 200; // browsers refuse a hundred changes in half a minute

/**
 * @param {{room: string, scroll: import("./scroll.js").Scroll, list: import("./message-list.js").MessageList, bottom: () => boolean,
 *   go: (id: string) => Promise<HTMLElement | undefined>, newest: () => Promise<void>}} options
 *   `go` loads a message with what is around it
 */
export function keepPlace({ room, scroll, list, bottom, go, newest }) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let away = false;

  function save() {
    clearTimeout(timer);
    timer = undefined;
    const shown = bottom() ? null : scroll.shown;
    const home = !shown && away; // the address that named a message does not any more
    away = !!shown;
    const id = shown?.first.dataset["id"];
    const spot = shown && id ? { id, top: shown.top } : null;
    window.history.replaceState({ ...window.history.state, spot }, "", home ? `/r/${room}${location.hash}` : undefined);
  }

  /** @param {Spot | null | undefined} spot */
  async function to(spot) {
    if (!spot) return false;
    const li = list.find(spot.id) ?? await go(spot.id).catch(() => undefined);
    if (li) scroll.place(li, spot.top);
    return li !== undefined;
  }

  window.addEventListener("popstate", async ({ state }) => {
    if (location.hash !== beside()) return; // a thread is opened or closed, or it is a link within the page
    clearTimeout(timer);
    const named = location.pathname.split("/")[3];
    if (await to(state?.spot)) return;
    if (named) await to({ id: named, top: 100 });
    else await newest();
  });

  return {
    /** One scrolls. */
    moved() {
      timer ??= setTimeout(save, REST_MS);
    },
    /** One goes elsewhere, and may want to come back. @param {string} [id] to this message, or to the newest */
    leave(id) {
      save();
      window.history.pushState(null, "", `/r/${room}${id ? `/${id}` : ""}${location.hash}`); // beside it a thread stays open
    },
    /** Where one was when the page was loaded again, or when one comes back to it. */
    restore: () => Promise.resolve().then(() => to(window.history.state?.spot)), // when the rest of the page is there
  };
}

/** How the address names the thread that is open. */
function beside() {
  const root = document.getElementById("thread")?.dataset["root"];
  return root ? `#thread-${root}` : "";
}
