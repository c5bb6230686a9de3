/**
 * The one Trusted Types policy. Markup enters the page only here, and only as the server made and sanitised it; scripts are
 * named only here, and none is today.
 */

/** Scripts that the page may load later, by their path. @type {ReadonlySet<string>} */
const SCRIPTS = new Set();

const rules = {
  createHTML: (/** @type {string} */ html) => html,
  createScriptURL(/** @type {string} */ url) {
    if (!SCRIPTS.has(url)) throw new TypeError(`not one of our scripts: ${url}`);
    return url;
  },
};

/** Not every browser has Trusted Types; the rules hold all the same. @type {typeof rules} */
const policy = /** @type {any} */ (globalThis).trustedTypes?.createPolicy("chatd", rules) ?? rules;

/**
 * Shows a message's `html`. For nothing else.
 * @param {HTMLElement} element
 * @param {string} html as it came from the server
 */
export function showServerHTML(element, html) {
  element.innerHTML = policy.createHTML(html);
}

/** @param {string} url one of SCRIPTS, or this throws */
export const scriptURL = (url) => policy.createScriptURL(url);
