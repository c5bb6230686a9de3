/** Notices that the person or the machine has come back, or that the network went. */

const AWAY_MS = 5_000;

/**
 * @param {(visible: boolean) => void} seen whether the page can be seen: now, and whenever that changes
 * @param {() => void} back after more than five seconds away, out of the page cache, or when the network comes or goes: then it is
 *   time to see whether the connection lives
 */
export function onWake(seen, back) {
  let awaySince = Infinity;
  const leave = () => { awaySince = Math.min(awaySince, Date.now()); };
  const comeBack = (/** @type {boolean} */ always) => {
    if (always || Date.now() - awaySince > AWAY_MS) back();
    awaySince = Infinity;
  };
  const visible = () => document.visibilityState === "visible";
  seen(visible()); // a tab may be opened behind another
  document.addEventListener("visibilitychange", () => {
    seen(visible());
    if (visible()) comeBack(false);
    else leave();
  });
  window.addEventListener("blur", leave);
  window.addEventListener("focus", () => comeBack(false));
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", (event) => comeBack(event.persisted));
  window.addEventListener("online", () => comeBack(true));
  window.addEventListener("offline", () => comeBack(true));
}
