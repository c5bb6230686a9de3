/** Commands that are written into the message field: "/me waves". No DOM, no network. */

/**
 * Each makes of what follows it the text to be sent, or says in words what is missing; `usage` and `does` are for the list of them.
 * @type {Map<string, {usage: string, does: string, run: (rest: string) => {text: string} | {error: string}}>}
 */
export const COMMANDS = new Map([["me", { usage: "/me waves", does: "Say what you do", run: me }]]);

/**
 * What is to be sent of what was written, or why nothing is. A path ("/usr/bin is full") is no command, and "//me" is the text "/me".
 * @param {string} written
 * @returns {{text: string} | {error: string}}
 */
export function obey(written) {
  const [, slashes, name, rest] = /^(\/\/?)([a-z][a-z0-9-]*)(?=\s|$)\s*([^]*)$/i.exec(written) ?? [];
  if (name === undefined || rest === undefined) return { text: written };
  if (slashes === "//") return { text: written.slice(1) };
  const command = COMMANDS.get(name.toLowerCase());
  if (command) return command.run(rest);
  return { error: `There is no command /${name}. To send a text that begins so, write two slashes: //${name}` };
}

/** What one does, in italics behind one's name. @param {string} rest @returns {{text: string} | {error: string}} */
function me(rest) {
  const deed = rest.trim();
  if (!deed) return { error: "Write what you do behind it: /me waves" };
  return { text: deed.split("\n").map((line) => (line.trim() ? `_${line.trim()}_` : line)).join("\n") };
}
