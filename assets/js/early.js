/** Before the first paint: days and times, which the server cannot write for every zone. So nothing moves later. */

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
