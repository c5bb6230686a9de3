import assert from "node:assert/strict";
import { test } from "node:test";
import { carried, carry } from "../js/carry.js";
import { shelfOver } from "./fake.js";

test("what was written after signing out comes along to the next person of this window, once", () => {
  const shelf = shelfOver();
  carry("p1", ["not sent", "  ", "not finished"], () => shelf);
  assert.equal(carried("p2", () => shelf), "not sent\nnot finished");
  assert.equal(carried("p2", () => shelf), "");
});

test("for the one who wrote it nothing comes along: it is still in the outbox", () => {
  const shelf = shelfOver();
  carry("p1", ["not sent"], () => shelf);
  assert.equal(carried("p1", () => shelf), "");
  assert.deepEqual(shelf.keys(), []);
});

test("a browser that keeps nothing, and one that kept nonsense", () => {
  const none = () => { throw new DOMException("denied"); };
  carry("p1", ["x"], none);
  assert.equal(carried("p2", none), "");
  assert.equal(carried("p2", () => shelfOver({ "chatd.carried": "{" })), "");
  assert.equal(carried("p2", () => shelfOver({ "chatd.carried": "null" })), "");
});
