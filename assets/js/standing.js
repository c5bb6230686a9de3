/** What people are: guest, member (the name is claimed), moderator, host. As far as the server has said. No DOM. */

/** @typedef {import("./types.js").Person} Person */
/** @typedef {"guest" | "member" | "moderator" | "host"} Role */

/** @type {Map<string, Role>} */
const known = new Map();

/** Notes what the server says of people; without a role they are guests. @param {Person[]} people */
export function learnRoles(people) {
  for (const { id, role } of people) known.set(id, role ?? "guest");
}

/**
 * Notes what a page of messages says of their authors, and returns the page.
 * @template {{messages: import("./types.js").Message[], people?: Person[], me?: Person}} P
 * @param {P} page
 */
export function learnPage(page) {
  learnRoles([...page.messages.map(({ by }) => ({ id: by.id, name: by.name })), ...(page.people ?? []), ...(page.me ? [page.me] : [])]);
  return page;
}

/** What somebody is; undefined where nobody has said it. @param {string} id */
export const roleOf = (id) => known.get(id);

/** Moderators and the host delete what others said, and read what that was before it was edited. @param {string} id */
export const moderates = (id) => ["moderator", "host"].includes(roleOf(id) ?? "guest");
