/** A page left open over an upgrade reloads itself, once for each build: whatever goes wrong, it cannot loop. */

const KEY = "chatd.reloaded";

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
