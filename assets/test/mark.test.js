import assert from "node:assert/strict";
import { test } from "node:test";
import { Mark } from "../js/mark.js";
import { Store } from "../js/store.js";
import { message } from "./fake.js";

function room(...ids) {
  const store = new Store("lobby");
  store.replace(ids.map((id) => message(id)), true);
  return store;
}

test("one has read what was on the screen, and no more", () => {
  const store = room("1", "2", "3", "4");
  const mark = new Mark(store, "2");
  assert.equal(mark.saw("3"), "3");
  assert.equal(mark.done, false);
  assert.equal(mark.saw("1"), "", "reading again is not less");
  assert.equal(mark.saw("4"), "4");
  assert.equal(mark.done, true);
  store.apply(message("5"));
  assert.equal(mark.done, false);
});

test("while what is new begins elsewhere nothing is read, until one comes from there or wants no more of it", () => {
  const store = room("8", "9");
  const mark = new Mark(store, "2");
  assert.equal(mark.saw("9"), "");
  assert.equal(mark.done, false);
  store.replace(["1", "2", "3"].map((id) => message(id)), true, true);
  assert.equal(mark.saw("1"), "1");
  assert.equal(mark.saw("3"), "3");
  assert.equal(mark.done, false, "there is more");
  store.replace(["8", "9"].map((id) => message(id)), true);
  assert.equal(mark.saw("9"), "");
  assert.equal(mark.all(), "9");
  assert.equal(mark.done, true);
});

test("what one wants to read again is not read by being seen", () => {
  const mark = new Mark(room("1", "2", "3"));
  mark.hold("2");
  assert.equal(mark.saw("3"), "");
  assert.equal(mark.done, false);
  assert.equal(mark.all(), "3");
});

test("the first message of an empty room is read when it is seen", () => {
  const store = new Store("lobby");
  const mark = new Mark(store);
  store.apply(message("1"));
  assert.equal(mark.saw("1"), "1");
});
