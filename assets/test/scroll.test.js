import assert from "node:assert/strict";
import { test } from "node:test";
import { Scroll } from "../js/view/scroll.js";

/** A list that is laid out from its end and scrolls by whole pixels, as a browser's does. */
function page(heights) {
  let scrollTop = 0;
  const scroller = {
    clientHeight: 500,
    addEventListener() {},
    getBoundingClientRect: () => ({ top: 0, bottom: 500 }),
    get scrollTop() { return scrollTop; },
    set scrollTop(to) { scrollTop = Math.min(0, Math.round(to)); },
  };
  const list = { children: [] };
  const append = (height) => {
    const message = {
      height, isConnected: true, classList: { contains: () => true },
      getBoundingClientRect: () => ({ bottom: 500 - scrollTop - list.children.slice(list.children.indexOf(message) + 1).reduce((sum, m) => sum + m.height, 0) }),
    };
    list.children.push(message);
    return message;
  };
  for (const height of heights) append(height);
  return { scroller, list, append, scroll: new Scroll(scroller, list, () => {}) };
}

test("what is being read does not creep away under many new messages, each a part of a pixel", () => {
  const { scroller, list, append, scroll } = page(Array(60).fill(25.6875));
  scroller.scrollTop = -333;
  const read = list.children[40];
  const before = read.getBoundingClientRect().bottom;
  for (let i = 0; i < 200; i++) {
    scroll.keep(() => append(25.6875));
    assert.ok(Math.abs(read.getBoundingClientRect().bottom - before) <= 0.5, `after ${i + 1} messages: ${read.getBoundingClientRect().bottom - before}`);
  }
});

test("what the reader has scrolled meanwhile is not taken back", () => {
  const { scroller, list, append, scroll } = page(Array(60).fill(25.6875));
  scroller.scrollTop = -333;
  scroll.keep(() => append(25.6875));
  scroller.scrollTop -= 100;
  const read = list.children[40];
  const before = read.getBoundingClientRect().bottom;
  scroll.keep(() => append(26));
  assert.equal(read.getBoundingClientRect().bottom, before);
});

test("at the bottom it stays at the bottom", () => {
  const { scroller, append, scroll } = page(Array(60).fill(25));
  scroller.scrollTop = -47;
  scroll.keep(() => append(25));
  assert.equal(scroller.scrollTop, 0);
});
