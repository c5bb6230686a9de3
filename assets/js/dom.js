/** Elements in one line. Text goes in as text: nothing here understands markup. */

/**
 * `el("button.plain", { type: "button", onclick: retry }, "Try now")`. Properties with the value undefined or false are left out.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T | `${T}.${string}`} what a tag, and classes after dots
 * @param {Record<string, string | number | boolean | undefined | ((event: Event) => void)>} [properties]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(what, properties = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const element = document.createElement(/** @type {T} */ (tag));
  if (classes.length > 0) element.classList.add(...classes);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}

/**
 * The element with this id; a page without it is a page of another version.
 * @template {HTMLElement} E
 * @param {string} id
 * @param {new () => E} type
 * @returns {E}
 */
export function byId(id, type) {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`the page has no #${id}`);
  return element;
}

/** Before the next frame is painted; a hidden page has none, and does it all the same. @param {() => void} act */
export function soon(act) {
  const timer = setTimeout(act, 200);
  requestAnimationFrame(() => {
    clearTimeout(timer);
    act();
  });
}
