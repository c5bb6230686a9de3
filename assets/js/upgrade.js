/** A page left open over an upgrade reloads itself, once for each build: whatever goes wrong, it cannot loop. */

const KEY = "chatd.reloaded";

/**
 * Reloads when nobody is in the middle of something and nothing would be lost; else says that there is a new version.
 * @param {string} build what the page must become
 * @param {{busy: () => boolean, safe: () => boolean, otherwise: () => void}} page
 */
export function upgradeTo(build, page) {
  if (page.busy()) setTimeout(() => upgradeTo(build, page), 1_000);
  else if (page.safe() && mayReload(build, () => sessionStorage)) location.reload();
  else page.otherwise();
}

/**
 * @param {string} build what the page must become
 * @param {() => Storage} session gives sessionStorage; may throw
 * @returns {boolean} whether this is the first time, and it can be remembered
 */
export function mayReload(build, session) {
  try {
    const storage = session();
    if (storage.getItem(KEY) === build) return false;
    storage.setItem(KEY, build);
    return storage.getItem(KEY) === build;
  } catch {
    return false;
  }
}
