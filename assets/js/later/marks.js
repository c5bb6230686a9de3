/** Marks around what is selected in a field, and typing in it so that it can be undone. */

/** Puts marks around what is selected, or takes them away again. @param {HTMLTextAreaElement} field @param {string} mark */
export function wrap(field, mark) {
  let { selectionStart: start, selectionEnd: end } = field;
  const { value } = field;
  while (start < end && /\s/.test(value[start] ?? "")) start++;
  while (end > start && /\s/.test(value[end - 1] ?? "")) end--;
  const inner = value.slice(start, end);
  const [before, after] = mark === "`" && inner.includes("\n") ? ["```\n", "\n```"] : [mark, mark];
  const single = mark === "*" && value[start - 2] === "*" && value[start - 3] !== "*"; // that is bold, and not italic
  if (!single && value.slice(0, start).endsWith(before) && value.slice(end).startsWith(after)) {
    replace(field, start - before.length, end + after.length, inner);
    field.setSelectionRange(start - before.length, end - before.length);
  } else {
    replace(field, start, end, before + inner + after);
    field.setSelectionRange(start + before.length, end + before.length);
  }
}

/**
 * Types a text in place of another, so that it can be undone.
 * @param {HTMLTextAreaElement} field @param {number} start @param {number} end @param {string} text
 */
export function replace(field, start, end, text) {
  field.setSelectionRange(start, end);
  if (document.execCommand("insertText", false, text)) return;
  field.setRangeText(text, start, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
