import assert from "node:assert/strict";
import { test } from "node:test";
import { onWake } from "../js/wake.js";

test("whether the page can be seen is said at once, for a tab that was opened behind another, and whenever it changes", () => {
  const page = Object.assign(new EventTarget(), { visibilityState: "hidden" });
  Object.assign(globalThis, { document: page, window: new EventTarget() });
  const seen = [];
  let back = 0;
  onWake((visible) => seen.push(visible), () => { back++; });
  assert.deepEqual(seen, [false]);
  page.visibilityState = "visible";
  page.dispatchEvent(new Event("visibilitychange"));
  assert.deepEqual(seen, [false, true]);
  assert.equal(back, 0);
  window.dispatchEvent(new Event("online"));
  assert.equal(back, 1);
});
