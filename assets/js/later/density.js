/** Compact or cosy: the page changes at once, and the server writes the next one so from the start. */

/**
 * @param {HTMLFormElement} form its button has the value that pressing it chooses
 * @returns {Promise<void>} when it is kept; rejected if it is not
 */
export async function switchDensity(form) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
  const density = button.value;
  const compact = document.body.classList.toggle("compact", density === "compact");
  button.value = compact ? "cosy" : "compact";
  button.ariaPressed = String(compact);
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams({ density }), redirect: "manual", keepalive: true });
  if (answer.type !== "opaqueredirect") throw new Error(`the server answered ${answer.status}`);
}
