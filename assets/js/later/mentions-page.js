/** The page of what mentions one: the server wrote it, and here it goes on live. */

import * as api from "../api.js";
import { byId, el, soon } from "../dom.js";
import { isFor } from "../mentions.js";
import { Stream } from "../stream.js";
import { text } from "../text.js";
import { overEvents, overWebSocket } from "../transport.js";
import { adoptElement, messageElement } from "../view/message.js";
import { onWake } from "../wake.js";

/** @typedef {import("../types.js").Mentioned} Mentioned */

/** @type {import("../types.js").MentionPage & {me: import("../types.js").Person, live: boolean}} */
const state = JSON.parse(byId("state", HTMLElement).textContent ?? "");
const list = byId("mentions", HTMLElement);

/** @param {Mentioned} mention */
function item({ message, title, answer, unread }) {
  const li = messageElement(message);
  li.classList.toggle("unread", unread === true);
  li.querySelector(".name")?.after(...(answer ? [" ", el("span.why", {}, text("mentions.answer"))] : []),
    " ", el("a.place", { href: `/r/${message.room}/${message.id}` }, el("bdi", {}, title)));
  return li;
}

/** Shows the newest, and keeps what the page has of older ones. @param {Mentioned[]} newest */
function show(newest) {
  const last = newest.at(-1)?.message.id;
  const items = [...list.children];
  const at = items.findIndex((li) => li instanceof HTMLElement && li.dataset["id"] === last);
  const focused = list.contains(document.activeElement) ? document.activeElement?.getAttribute("href") : null;
  list.replaceChildren(...newest.map(item), ...(at >= 0 ? items.slice(at + 1) : []));
  if (focused) /** @type {HTMLElement | null} */ (list.querySelector(`.place[href="${focused}"]`))?.focus();
  byId("none", HTMLElement).hidden = list.children.length > 0;
}

let loading = false;
let again = false;
async function refresh() {
  again = true;
  if (loading) return;
  loading = true;
  while (again) {
    again = false;
    await new Promise((resolve) => soon(() => resolve(null)));
    await api.mentions().then((page) => show(page.mentions), () => {}); // the next frame tries again
  }
  loading = false;
}

for (const [i, li] of [...list.children].entries()) {
  const mention = state.mentions[i];
  if (mention && li instanceof HTMLElement) adoptElement(li, mention.message);
}

if (state.live) {
  const stream = new Stream({
    cursor: state.cursor, epoch: state.epoch, overWebSocket, overEvents, me: api.me,
    onFrame(frame) {
      switch (frame.kind) {
        case "message.posted":
          return void (isFor(frame, state.me.id) && refresh());
        case "message.edited": case "message.deleted": case "read": case "rooms": case "reset": case "live": case "member.removed": case "member.left": case "member.invited":
          return void refresh();
      }
    },
    onState() {},
  });
  stream.open();
  onWake((visible) => stream.setVisible(visible), () => stream.wake());
}
