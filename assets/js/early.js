/**
 * Runs before the page is painted first: puts in what the server cannot write, because it does not know where its reader
 * lives, the days and the times. So nothing moves when the rest of the scripts come.
 */

import { dayOf, timeOfDay } from "./dates.js";
import { dayLine } from "./view/day.js";

let day = "";
for (const li of document.querySelectorAll("#messages > .message")) {
  const time = /** @type {HTMLTimeElement} */ (li.querySelector("time"));
  const at = new Date(time.dateTime);
  time.textContent = timeOfDay(at);
  if (dayOf(at) !== day) li.before(dayLine(at));
  day = dayOf(at);
}
