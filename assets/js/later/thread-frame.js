/** The elements of a thread, and how they take their place beside the room or over it. */

import { el } from "../dom.js";
import { text } from "../text.js";

const WIDE = "(min-width: 62rem)"; // as in the style sheet

/** @param {string} root what began it @param {string} title of the room @param {boolean} writable @param {() => void} hide */
export function threadFrame(root, title, writable, hide) {
  const first = el("ol.messages");
  const answers = el("ol.messages");
  const older = el("div.older", { hidden: true }, el("button.plain", { type: "button" }, text("thread.older")));
  const loading = el("p.loading", { role: "status" }, text("thread.loading"));
  const timeline = el("div.timeline", {}, first, el("hr"), older, answers, loading);
  const scroller = el("div.scroller", { role: "log", tabindex: 0, "aria-labelledby": "thread-title", "aria-relevant": "additions" }, timeline);
  const note = el("p.note", { role: "status", id: "thread-note" });
  const send = /** @type {Element} */ (document.querySelector("#composer .icon"))?.cloneNode(true);
  const field = writable ? el("textarea", { id: "thread-text", rows: 1, dir: "auto", placeholder: text("message.reply"), autocomplete: "off", enterkeyhint: "send", "aria-describedby": "thread-note keys" }) : null;
  const form = field && el("form.composer", { "aria-label": text("thread.label") }, el("label.hidden", { for: field.id }, text("thread.label")), field,
    el("button.primary.send", { type: "submit", "aria-label": text("composer.send") }, send));
  const section = el("section.thread", { id: "thread", "data-root": root, "aria-labelledby": "thread-title" },
    el("header", {}, el("h2", { id: "thread-title" }, text("thread.title")), el("bdi", {}, title),
      el("button.quiet", { type: "button", "aria-label": text("thread.close"), title: text("thread.close"), onclick: hide }, "×")),
    scroller, el("div.dock", {}, ...(form ? [form] : []), note));

  section.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
    event.preventDefault();
    hide();
  });

  // Answers are heard from the room's own list as long as that can be reached.
  const wide = matchMedia(WIDE);
  const around = [".top", "main", ".skip", "#rooms", "#people"].flatMap((selector) => [...document.querySelectorAll(selector)]);
  const place = () => {
    for (const part of around) part.toggleAttribute("inert", !wide.matches && section.isConnected);
    scroller.setAttribute("aria-live", wide.matches ? "off" : "polite");
  };
  wide.addEventListener("change", place);
  queueMicrotask(place);

  return {
    section, scroller, timeline, first, answers, older, loading, form, field, note,
    remove() {
      section.remove();
      wide.removeEventListener("change", place);
      place();
    },
  };
}
