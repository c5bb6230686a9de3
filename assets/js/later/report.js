/** Asking the moderators to look at a message. */

import { el } from "../dom.js";
import { text } from "../text.js";
import { labelled, openDialog, trouble } from "./dialog.js";
import { report } from "./people.js";

/** @param {import("../types.js").Message} message @param {(words: string) => void} say */
export function reportMessage(message, say) {
  const { line, attempt } = trouble();
  const reason = el("input", { maxlength: 200, dir: "auto", autocomplete: "off", autofocus: true });
  const form = el("form", {}, el("p", {}, text("report.lead")), labelled(text("report.reason"), reason), line, el("button.primary", { type: "submit" }, text("report.title")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void attempt(() => report(message.room, message.id, reason.value)).then((done) => {
      if (!done) return;
      dialog.close();
      say(text("report.thanks"));
    });
  });
  const dialog = openDialog(text("report.title"), form);
}
