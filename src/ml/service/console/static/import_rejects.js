// The rows that an import refused: by reason, a page at a time, and as a file that can be mended.

import { api, query } from "./api.js";
import { el } from "./dom.js";
import { refusedRows } from "./import_preview.js";
import { fill } from "./states.js";
import { badge } from "./table.js";
import { number, sentence, t } from "./texts.js";

const PAGE = 10;

/** Fill a place with what an import refused; nothing where it refused nothing. */
export function pages(place, id, name) {
  const path = `/imports/${id}/rejects`;
  return fill(place, () => api("GET", query(path, { count: 1 })), ({ total, reasons, said }) => total > 0 && [
    el("h3", {}, t("imports.refused_rows", { n: number(total) })),
    el("p", { class: "lead" }, t("imports.refused_lead")),
    Object.entries(reasons).map(([reason, n]) => group(path, reason, n, name, said)),
    el("p", {}, el("a", { class: "button", id: "mend", href: `/api/v1${path}.csv`, download: `import-${id}-refused.csv` }, t("imports.download"))),
    el("p", { class: "small soft" }, t("imports.mend")),
  ]);
}

/** One reason; its rows are asked for when it is opened. */
function group(path, reason, n, name, said) {
  const words = sentence("reason", reason, said[reason]);
  const rows = el("div", {});
  const load = (after) => fill(rows, () => api("GET", query(path, { reason, count: PAGE, after })), (found) => [
    refusedRows(words, found.rows, { name }),
    found.following !== null && el("button", { type: "button", class: "quiet", onclick: () => load(found.following) }, t("imports.more_rows")),
  ]);
  const opened = ({ target }) => target.open && !rows.hasChildNodes() && load();
  return el("details", { class: "reason", ontoggle: opened }, el("summary", {}, badge(number(n), "unclear"), " ", words), rows);
}
