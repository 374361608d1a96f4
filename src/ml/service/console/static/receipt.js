// What an erasure left behind: a receipt, to be read and to be kept.

import { keep } from "./api.js";
import { el } from "./dom.js";
import { table } from "./table.js";
import { moment, number, t, word } from "./texts.js";

const two = (value) => String(value).padStart(2, "0");

function saved(receipt) {
  const at = new Date(receipt.at);
  const name = `erasure-${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}.json`;
  keep(new Blob([JSON.stringify(receipt, null, 2)], { type: "application/json" }), name);
}

function learned({ snapshots, models, unclear }) {
  const said = [
    models.length && t("erased.models", { names: models.join(", ") }),
    snapshots.length && t("erased.snapshots", { n: number(snapshots.length) }),
    unclear.length && t("erased.unclear", { names: unclear.join(", ") }),
  ].filter(Boolean);
  return said.length ? el("ul", {}, said.map((each) => el("li", {}, each))) : el("p", {}, t("erased.nothing_learned"));
}

/** Draw a receipt. `id` is who was erased, `own` whether it was whoever looks; `acts` stand beside the download. */
export function receiptOf(receipt, id, own, ...acts) {
  const rows = Object.entries(receipt.rows).map(([name, n]) => ({ name, n }));
  const doors = receipt.rows.accounts || receipt.rows.api_keys;
  return el("section", { class: "card", id: "receipt", tabindex: "-1", aria: { labelledby: "receipt-h" } },
    el("h2", { id: "receipt-h" }, own ? t("erased.title_own") : t("erased.title", { id })),
    el("p", { class: "lead" }, t("erased.when", { at: moment(receipt.at), n: number(rows.reduce((sum, each) => sum + each.n, 0)) })),
    rows.length > 0 && table(t("erased.what"), [[t("erased.what"), (row) => word("erasedrow", row.name)], [t("erased.count"), (row) => number(row.n), "n"]], rows),
    !own && el("p", {}, t(doors ? "erased.doors" : "erased.no_doors")),
    receipt.shredded > 0 && el("p", {}, t("erased.shredded", { n: number(receipt.shredded) })),
    el("h3", {}, t("erased.learned")),
    learned(receipt.taint),
    receipt.pseudonym && el("p", { class: "small soft" }, t("erased.pseudonym"), " ", el("code", { class: "token" }, receipt.pseudonym)),
    el("div", { class: "row" }, el("button", { type: "button", id: "save-receipt", class: "main", onclick: () => saved(receipt) }, t("erased.save")), acts));
}
