import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { locale, parts, text } from "../js/text.js";
import { speaks } from "./fake.js";

after(() => speaks("en"));

test("a text has the plural that the platform asks for, in every language", () => {
  for (const language of ["en", "de", "fr", "es", "ar"]) {
    const catalogue = JSON.parse(readFileSync(new URL(`../text/${language}.json`, import.meta.url), "utf8"));
    const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const [key, forms] of Object.entries(catalogue)) {
      if (typeof forms !== "string") assert.deepEqual(Object.keys(forms).sort(), [...wanted].sort(), `${language}: ${key}`);
    }
  }
});

test("counts choose the form, and are written in the page's language", () => {
  speaks("de");
  assert.equal(text("unread.new", { count: 1 }), "1 neue Nachricht");
  assert.equal(text("unread.new", { count: 12345 }), "12.345 neue Nachrichten");
  speaks("ar");
  assert.equal(text("unread.new", { count: 2 }), "رسالتان جديدتان");
  assert.equal(text("unread.new", { count: 3 }), "3 رسائل جديدة");
  assert.equal(text("unread.new", { count: 11 }), "11 رسالة جديدة");
  assert.match(locale, /^ar/);
});

test("values that are elements stay what they are, in the order of the language", () => {
  speaks("en");
  const [name, other] = [{ a: 1 }, { b: 2 }];
  assert.deepEqual(parts("typing.two", { name, other }), ["", name, " and ", other, " are typing…"]);
  assert.equal(text("status.other", { name: "{name}" }), "You are {name} in another window now.");
});
