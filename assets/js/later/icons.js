/** Small pictures, drawn with the text's own colour. */

const PATHS = {
  react: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM7.5 8.2v.1M12.5 8.2v.1M6.8 11.6c.8 1.4 1.9 2.1 3.2 2.1s2.4-.7 3.2-2.1",
  answer: "M8 5 3.5 9.5 8 14M4 9.5h7.5c3 0 5 2 5 5.5",
  edit: "M4 16l.8-3.6L13 4.2a1.6 1.6 0 0 1 2.3 0l.5.5a1.6 1.6 0 0 1 0 2.3l-8.2 8.2L4 16z",
  close: "m5.5 5.5 9 9m0-9-9 9",
  more: "M5 10h.1M10 10h.1M15 10h.1",
};

/** @param {keyof typeof PATHS} name */
export function icon(name) {
  const svg = document.createElementNS("http" + "://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS(svg.namespaceURI, "path");
  for (const [key, value] of Object.entries({ viewBox: "0 0 20 20", width: "18", height: "18", "aria-hidden": "true", class: name === "answer" ? "icon turns" : "icon" })) svg.setAttribute(key, value);
  for (const [key, value] of Object.entries({ d: PATHS[name], fill: "none", stroke: "currentColor", "stroke-width": name === "more" ? "2.6" : "1.6",
    "stroke-linecap": "round", "stroke-linejoin": "round" })) path.setAttribute(key, value);
  svg.append(path);
  return svg;
}
