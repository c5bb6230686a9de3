/**
 * What somebody wrote who is signed out meanwhile goes along, in this window, to the page for signing in and back: there it
 * is a draft. He comes back as another person, and what is kept for the one he was would never be sent.
 */

const KEY = "chatd.carried";

/**
 * @param {string} person the id of who wrote it
 * @param {string[]} texts
 * @param {() => Storage} session gives sessionStorage; may throw
 */
export function carry(person, texts, session) {
  const text = texts.filter((t) => t.trim()).join("\n");
  try {
    if (text) session().setItem(KEY, JSON.stringify({ person, text }));
  } catch {
    // a browser that keeps nothing
  }
}

/**
 * What was brought along, once; nothing for the one who wrote it, whose drafts and messages are still his.
 * @param {string} person the id of who is here now
 * @param {() => Storage} session gives sessionStorage; may throw
 * @returns {string}
 */
export function carried(person, session) {
  try {
    const storage = session();
    const kept = JSON.parse(storage.getItem(KEY) ?? "{}");
    storage.removeItem(KEY);
    return typeof kept.text === "string" && kept.person !== person ? kept.text : "";
  } catch {
    return "";
  }
}
