// Tables that are cards on a phone. Roles are said, since a table that is not laid out as one loses them.

import { el } from "./dom.js";

/** Make a table. A column is [title, cell of a row, class]; the first names the row. */
export function table(caption, columns, rows) {
  const heads = columns.map(([title, , kind]) => el("th", { scope: "col", role: "columnheader", class: kind }, title));
  const cells = (row) =>
    columns.map(([title, cell, kind], place) =>
      place
        ? el("td", { role: "cell", data: { label: title }, class: kind }, cell(row))
        : el("th", { scope: "row", role: "rowheader", class: kind }, cell(row)),
    );
  return el(
    "table",
    { role: "table" },
    el("caption", { class: "hidden" }, caption),
    el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, heads)),
    el("tbody", { role: "rowgroup" }, rows.map((row) => el("tr", { role: "row" }, cells(row)))),
  );
}

/** A short word that tells how something stands; colour only repeats it. */
export function badge(text, kind = "") {
  return el("span", { class: `badge ${kind}` }, text);
}
