// Why an item stands where it stands, or is left out.

import { el } from "./dom.js";
import { noted } from "./states.js";
import { badge, table } from "./table.js";
import { number, percent, t } from "./texts.js";

function bars(shares) {
  if (!shares.length) return null;
  return el("ul", { class: "shares" }, shares.map((each) =>
    el("li", {}, el("span", {}, each.about), el("meter", { min: 0, max: 1, value: each.share, aria: { label: each.about } }), el("span", { class: "n" }, percent(each.share)))));
}

function without(listens) {
  if (!listens.length) return null;
  return table(t("why.listens"), [
    [t("why.without"), (row) => [row.title, row.artist && el("small", { class: "block" }, row.artist)]],
    [t("why.plays"), (row) => number(row.plays), "n"],
    [t("why.then"), (row) => row.rank_without === null ? "–" : t("why.rank", { n: number(row.rank_without) }), "n"],
  ], listens);
}

/** Draw an explanation. */
export function explanation(found) {
  const [first, ...more] = found.summary;
  const where = found.left_out ? badge(t("why.left_out"), "below") : found.place ? badge(t("why.place", { n: found.place }), "above") : found.rank && badge(t("why.rank", { n: number(found.rank) }), "unclear");
  const made = bars(found.shares);
  return el("div", { class: "why" },
    el("p", { class: "verdict" }, where, " ", first ?? found.left_out),
    made && [el("h3", {}, t("why.made_of")), made],
    found.listens.length ? [el("h3", {}, t("why.listens")), without(found.listens)] : null,
    !made && !found.listens.length && el("ul", {}, more.map((each) => el("li", {}, each))),
    noted(found));
}
