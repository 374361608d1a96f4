// Who did what, when, on whom, with what result; and whether the log is whole.

import { api, query } from "./api.js";
import { el, fields, one } from "./dom.js";
import { fill, nothing } from "./states.js";
import { badge, table } from "./table.js";
import { number, t, word } from "./texts.js";
import { time } from "./times.js";

function result(said) {
  if (said === "ok") return badge(t("audit.ok"), "above");
  if (said === "begun") return badge(t("audit.begun"), "unclear");
  return said === "denied" ? badge(t("audit.denied"), "unclear") : badge(said.replace("error:", ""), "below");
}

function records({ records: found }) {
  if (!found.length) return nothing(t("audit.none"), t("audit.none_words"));
  return table(t("audit.records"), [
    [t("audit.when"), (row) => time(row.at, { seconds: true })],
    [t("audit.who"), (row) => [el("code", {}, row.who), row.role && el("small", { class: "block" }, word("role", row.role))]],
    [t("audit.what"), (row) => el("code", {}, row.what)],
    [t("audit.whom"), (row) => row.whom ? el("code", { title: row.whom }, `${row.whom.slice(0, 8)}…`) : "–"],
    [t("audit.how"), (row) => row.how],
    [t("audit.result"), (row) => result(row.result)],
    [t("audit.request"), (row) => row.request ? el("code", { class: "small" }, row.request) : "–"],
  ], found);
}

function verified(found) {
  const counted = t("audit.counted", { records: number(found.records), files: number(found.files), chains: number(found.chains) });
  if (found.sound) return el("p", { class: "verdict" }, badge(t("audit.sound"), "above"), " ", counted);
  return [
    el("p", { class: "verdict" }, badge(t("audit.unsound"), "below"), " ", counted),
    el("ul", {}, found.findings.map((each) => el("li", {}, el("code", {}, `${each.file}:${each.line}`), " ", each.what))),
  ];
}

function refresh() {
  const { since, until, ...wanted } = fields(one("filter"));
  // Days are those of whoever looks, as the times are that they see; the last day is in it too.
  const moment = (day, clock) => day && new Date(`${day}T${clock}`).toISOString();
  const span = { since: moment(since, "00:00"), until: moment(until, "23:59:59.999") };
  return fill(one("records"), () => api("GET", query("/audit", { ...wanted, ...span })), records);
}

one("filter").addEventListener("submit", (event) => (event.preventDefault(), refresh()));
one("verify").addEventListener("click", async () => {
  await fill(one("verified"), () => api("GET", "/audit/verification"), verified);
  refresh();
});
refresh();
