import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { continues, dayLabel, dayOf, untilMidnight } from "../js/dates.js";
import { Draft } from "../js/draft.js";
import { openShelf } from "../js/storage.js";
import { mayReload } from "../js/upgrade.js";
import { shelfOver } from "./fake.js";

const root = new URL("../", import.meta.url);
const list = (folder, ending) => readdirSync(new URL(folder, root)).filter((f) => f.endsWith(ending)).map((f) => folder + f);
const text = (path) => readFileSync(new URL(path, root), "utf8");
const first = [...list("js/", ".js"), ...list("js/view/", ".js")];
const modules = [...first, ...list("js/later/", ".js")];

test("the page names every module, so that they are fetched at once", () => {
  const named = [...text("templates/parts.html").matchAll(/\{\{\.Assets\}\}\/(js\/[^"]+)/g)].map((m) => m[1]);
  assert.deepEqual(named.sort(), [...first].sort());
});

test("markup enters the page in one file, and nothing is inline", () => {
  for (const path of modules.filter((m) => m !== "js/trusted.js")) {
    assert.doesNotMatch(text(path), /\.(inner|outer)HTML\b|insertAdjacentHTML|createPolicy|document\.write/, path);
  }
  for (const path of list("templates/", ".html")) {
    assert.doesNotMatch(text(path), /\sstyle=|<style|\son[a-z]+=|user-scalable|maximum-scale/, path);
  }
});

test("modules stay small", () => {
  for (const path of modules) assert.ok(text(path).split("\n").length <= 252, path);
});

test("a shelf works where the browser has none, and where it is full", () => {
  const none = openShelf(() => { throw new DOMException("denied"); });
  none.setItem("a", "1");
  assert.equal(none.getItem("a"), "1");
  assert.deepEqual(none.keys(), ["a"]);
  assert.equal(none.lasting, false);
  let full = false;
  const shelf = openShelf(() => ({ getItem: () => null, removeItem() {}, setItem() { if (full) throw new DOMException("QuotaExceededError"); } }));
  full = true;
  shelf.setItem("b", "2");
  assert.equal(shelf.getItem("b"), "2");
});

test("a draft belongs to a person and a room", () => {
  const shelf = shelfOver();
  new Draft(shelf, "p1", "lobby").save("half a sen");
  assert.equal(new Draft(shelf, "p1", "lobby").load(), "half a sen");
  assert.equal(new Draft(shelf, "p1", "ops").load(), "");
  assert.equal(new Draft(shelf, "p2", "lobby").load(), "");
  const later = new Draft(shelf, "p1", "lobby");
  later.load();
  later.save("");
  assert.deepEqual(shelf.keys(), []);
});

test("a tab with an empty field leaves the draft of another tab alone", () => {
  const shelf = shelfOver();
  const [one, other] = [new Draft(shelf, "p1", "lobby"), new Draft(shelf, "p1", "lobby")];
  for (const draft of [one, other]) draft.load();
  one.save("half a sen");
  other.save("");
  assert.equal(one.load(), "half a sen");
  one.save("");
  assert.deepEqual(shelf.keys(), []);
});

test("a page reloads itself once for each build, and never when it could not remember it", () => {
  const shelf = shelfOver();
  assert.equal(mayReload("b2", () => shelf), true);
  assert.equal(mayReload("b2", () => shelf), false);
  assert.equal(mayReload("b3", () => shelf), true);
  assert.equal(mayReload("b3", () => { throw new Error("no storage"); }), false);
  assert.equal(mayReload("b4", () => ({ getItem: () => null, setItem() {} })), false);
});

test("days are the reader's, and today and yesterday have their words", () => {
  const now = new Date(2026, 10, 22, 0, 30);
  assert.equal(dayOf(now), "2026-11-22");
  const word = (days) => new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(days, "day").toLocaleLowerCase();
  assert.equal(dayLabel(new Date(2026, 10, 22, 23, 59), now).toLocaleLowerCase(), word(0));
  assert.equal(dayLabel(new Date(2026, 10, 21, 0, 1), now).toLocaleLowerCase(), word(-1));
  assert.match(dayLabel(new Date(2026, 10, 20, 12), now), /20/);
  assert.match(dayLabel(new Date(2025, 10, 20), now), /2025/);
  assert.equal(untilMidnight(new Date(2026, 10, 22, 23, 59, 59)), 1_000);
});

test("a message continues the one before: same person, same day, within five minutes", () => {
  const at = (h, m, by = "p1", day = 22) => ({ by, at: new Date(2026, 10, day, h, m) });
  assert.equal(continues(undefined, at(8, 0)), false);
  assert.equal(continues(at(8, 0), at(8, 4)), true);
  assert.equal(continues(at(8, 0), at(8, 5)), false);
  assert.equal(continues(at(8, 0, "p2"), at(8, 1)), false);
  assert.equal(continues(at(23, 58), at(0, 1, "p1", 23)), false);
});
