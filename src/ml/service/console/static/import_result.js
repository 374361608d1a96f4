// What an import did: counted, file by file, and how it is undone.

import { api } from "./api.js";
import { el } from "./dom.js";
import { told, tried } from "./states.js";
import { badge, table } from "./table.js";
import { number, sentence, t, word } from "./texts.js";

const COLOURS = { imported: "above", resumed: "above", unchanged: "baseline", failed: "below" };

const sum = (counts) => Object.values(counts).reduce((all, n) => all + n, 0);
const counted = (counts) => Object.entries(counts).map(([name, n]) => `${number(n)} ${word("holds", name)}`).join(", ");

function fact(name, value, more) {
  return el("div", {}, el("dt", {}, name), el("dd", {}, number(value), more && el("small", {}, more)));
}

/** Draw the summary of an import. */
export function result(summary, state, { readAgain } = {}) {
  const { units: files = [], unrecognised = [], said = {} } = summary; // analysts are told counts, and no names
  const unchanged = files.length > 0 && files.every((unit) => unit.status === "unchanged");
  return [
    state === "undone" && el("p", { class: "note" }, t("imports.is_undone")),
    unchanged && el("div", { class: "note" }, el("p", {}, t("imports.unchanged")), readAgain),
    !unchanged && el("dl", { class: "facts", id: "counted" },
      fact(t("imports.new"), sum(summary.added), counted(summary.added)),
      fact(t("imports.known"), sum(summary.already_there), counted(summary.already_there)),
      fact(t("imports.refused"), summary.rejected, t("imports.of_rows", { n: number(summary.rows) }))),
    sum(summary.updated) > 0 && el("p", { class: "soft" }, t("imports.updated", { what: counted(summary.updated) })),
    unrecognised.length > 0 && el("p", { class: "note" }, t("imports.unrecognised", { names: unrecognised.join(", ") })),
    !unchanged && files.length > 0 && units(files, said),
  ];
}

function units(found, said) {
  const notes = (unit) => unit.notes.map((each) => sentence("reason", each, said[each]));
  if (found.length === 1) return notes(found[0]).map((each) => el("p", { class: "soft small" }, each));
  return table(t("imports.files"), [
    [t("imports.file"), (unit) => unit.name],
    [t("imports.read_as"), (unit) => word("importer", unit.kind)],
    [t("imports.state"), (unit) => badge(word("unit", unit.status), COLOURS[unit.status])],
    [t("imports.rows"), (unit) => number(unit.rows), "n"],
    [t("imports.refused"), (unit) => number(unit.rejected), "n"],
    [t("imports.notes"), (unit) => [unit.problem, ...notes(unit)].filter(Boolean).map((each) => el("small", { class: "block" }, each)), "words"],
  ], found);
}

/** A button that undoes an import, asking once whether that is meant. */
export function undoing(id, name, then) {
  const place = el("span", { class: "row" });
  const act = () => tried(async () => {
    const done = await api("POST", `/imports/${id}/undo`);
    const again = done.again.length ? ` ${t("imports.undone_again", { ids: done.again.join(", ") })}` : "";
    told(t("imports.undone", { n: number(sum(done.removed)) }) + again);
    await then();
  });
  const ask = () => {
    const keep = el("button", { type: "button", class: "quiet", onclick: () => (offer(), place.firstChild.focus()) }, t("imports.keep"));
    place.replaceChildren(el("span", {}, t("imports.really", { name })), el("button", { type: "button", class: "danger", onclick: act }, t("imports.remove")), keep);
    keep.focus();
  };
  const offer = () => place.replaceChildren(el("button", { type: "button", id: `undo-${id}`, class: "quiet", onclick: ask }, t("imports.undo")));
  offer();
  return place;
}
