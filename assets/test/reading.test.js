import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Reading } from "../js/reading.js";

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

test("the first is told at once, then at most one every two seconds, always the newest", () => {
  const told = [];
  const reading = new Reading((id) => told.push(id) > 0);
  for (const id of ["1", "2", "3"]) reading.saw(id);
  assert.deepEqual(told, ["1"]);
  mock.timers.tick(1_999);
  assert.deepEqual(told, ["1"]);
  mock.timers.tick(1);
  assert.deepEqual(told, ["1", "3"]);
});

test("what was told is not told again", () => {
  const told = [];
  const reading = new Reading((id) => told.push(id) > 0);
  reading.saw("1");
  mock.timers.tick(2_000);
  reading.saw("1");
  mock.timers.tick(2_000);
  assert.deepEqual(told, ["1"]);
});

test("what could not be told is told with the next occasion", () => {
  let live = false;
  const told = [];
  const reading = new Reading((id) => live && told.push(id) > 0);
  reading.saw("1");
  mock.timers.tick(2_000);
  live = true;
  reading.saw("1");
  assert.deepEqual(told, ["1"]);
});
