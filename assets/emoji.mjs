/**
 * Writes js/later/emoji.js: emoji and their shortcodes, from the npm package gemoji (MIT), the list that GitHub's came
 * from. Run it after npm ci, when there are new ones: node emoji.mjs
 */

import { gemoji } from "gemoji";
import { writeFileSync } from "node:fs";

/** @type {Map<string, string[]>} */
const rows = new Map();
for (const { emoji, names, category } of gemoji) rows.set(category, [...(rows.get(category) ?? []), `${emoji} ${names.join(",")}`]);
const lines = [...rows.values()].map((row) => `  ${JSON.stringify(row.join("|"))},`);
writeFileSync(new URL("js/later/emoji.js", import.meta.url), `/** Each emoji and its shortcodes. Made by emoji.mjs of gemoji ${process.argv[2] ?? ""}(MIT, © GitHub and Titus Wormer); not to be edited. */
export const TABLE = [
${lines.join("\n")}
].join("|");
`);
