/** Compact or cosy: the page changes at once, and the server writes the next one so from the start. */

/**
 * @param {HTMLFormElement} form its button has the value that pressing it chooses
 * @param {(density: string) => Promise<unknown>} keep
 */
export function switchDensity(form, keep) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = button.value;
    const compact = document.body.classList.toggle("compact", chosen === "compact");
    button.value = compact ? "cosy" : "compact";
    button.ariaPressed = String(compact);
    keep(chosen).catch(() => form.submit()); // the browser says what is wrong
  });
}
