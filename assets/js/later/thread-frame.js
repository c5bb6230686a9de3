/** The elements of a thread, and how they take their place beside the room or over it. */

import { el } from "../dom.js";

const WIDE = "(min-width: 62rem)"; // as in the style sheet

/** @param {string} title of the room @param {boolean} writable @param {() => void} hide */
export function threadFrame(title, writable, hide) {
  const first = el("ol.messages");
  const answers = el("ol.messages");
  const older = el("div.older", { hidden: true }, el("button.plain", { type: "button" }, "Earlier answers"));
  const loading = el("p.loading", { role: "status" }, "Loading…");
  const timeline = el("div.timeline", {}, first, el("hr"), older, answers, loading);
  const scroller = el("div.scroller", { role: "log", tabindex: 0, "aria-labelledby": "thread-title", "aria-relevant": "additions" }, timeline);
  const note = el("p.note", { role: "status", id: "thread-note" });
  const send = /** @type {Element} */ (document.querySelector("#composer .icon"))?.cloneNode(true);
  const field = writable ? el("textarea", { id: "thread-text", rows: 1, dir: "auto", placeholder: "Answer", autocomplete: "off", enterkeyhint: "send", "aria-describedby": "thread-note keys" }) : null;
  const form = field && el("form.composer", { "aria-label": "New answer" }, el("label.hidden", { for: field.id }, "Answer in this thread"), field,
    el("button.primary.send", { type: "submit", "aria-label": "Send answer" }, send));
  const section = el("section.thread", { id: "thread", "aria-labelledby": "thread-title" },
    el("header", {}, el("h2", { id: "thread-title" }, "Thread"), el("bdi", {}, title),
      el("button.quiet", { type: "button", "aria-label": "Close the thread", title: "Close the thread", onclick: hide }, "×")),
    scroller, el("div.dock", {}, ...(form ? [form] : []), note));

  section.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
    event.preventDefault();
    hide();
  });

  // Answers are heard from the room's own list as long as that can be reached.
  const wide = matchMedia(WIDE);
  const around = [".top", "main", ".skip", "#people"].flatMap((selector) => [...document.querySelectorAll(selector)]);
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
