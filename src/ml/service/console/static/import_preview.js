// What a file is, how its columns are read, and what of it would be stored or refused.

import { el, later } from "./dom.js";
import { badge, table } from "./table.js";
import { moment, number, sentence, t, word } from "./texts.js";

const TEXTS = ["user", "source", "delimiter", "encoding"];
const UNREAD = ["not_read", "not_read_more"];
const DOUBTS = ["perhaps_catalogue", "perhaps_listens"];
const SHOWN = 3;
const STORED = 5;

/** Draw a preview. `given` are the options it was asked for with; `parts.again` asks with others. */
export function preview(found, given, parts) {
  const tables = found.units.filter((unit) => unit.columns.length);
  const change = (values) => parts.again({ ...given, ...values });
  const unread = found.units.every((unit) => unit.problem);
  if (unread) parts.go.disabled = true;
  return [
    el("div", { class: "head" }, parts.heading, el("div", { class: "row" }, parts.another, parts.go)),
    found.units.map((unit) => [
      kindOf(unit, found),
      tables.length === 1 && unit === tables[0] && columns(unit, found.fields, given, change),
      trouble(unit, found.said),
      unit.doubt && doubt(unit, found.said, given, change),
      unit.samples.map((sample) => stored(sample)),
    ]),
    refusals(found),
    found.unrecognised.length > 0 && el("p", { class: "note" }, t("imports.unrecognised", { names: found.unrecognised.join(", ") })),
    found.more_units > 0 && el("p", { class: "soft" }, t("imports.more_files", { n: number(found.more_units) })),
    options(found, given, parts.again),
  ];
}

function kindOf(unit, found) {
  const name = found.units.length > 1 || unit.name !== found.name ? unit.name : null;
  const rows = unit.whole ? t("imports.all_rows", { n: number(unit.rows) }) : t("imports.first_rows", { n: number(unit.rows) });
  return el("p", { class: "verdict" }, name && [el("strong", {}, name), " "], badge(word("importer", unit.kind), unit.problem ? "below" : "above"), " ", unit.rows > 0 && el("span", { class: "soft" }, rows));
}

/** The columns of a table, each with what it is read as, which can be changed. */
function columns(unit, fields, given, change) {
  const read = (column) => {
    const choices = [["", t("imports.not_read")], ...fields.map((each) => [each, word("field", each)])];
    const select = el("select", { id: `column-${unit.columns.indexOf(column)}`, aria: { label: t("imports.read_this", { name: column.name }) } },
      choices.map(([value, words]) => el("option", { value, selected: value === (column.field ?? "") }, words)));
    select.addEventListener("change", () => change({ columns: mapping(unit, given.columns ?? {}, column, select.value) }));
    return select;
  };
  return [
    el("h3", {}, t("imports.columns")),
    table(t("imports.columns"), [
      [t("imports.column"), (column) => column.name],
      [t("imports.values"), (column) => el("span", { class: "soft" }, column.values.slice(0, SHOWN).join(" · ") || "–"), "words"],
      [t("imports.read_as"), read, "choice"],
    ], unit.columns),
  ];
}

/** Say of our words which column each is, so that this column becomes the one that was chosen for it. */
function mapping(unit, before, column, field) {
  const said = { ...before };
  if (column.field) said[column.field] = ""; // the file has no such column, unless another becomes it
  if (field) said[field] = column.name;
  return said;
}

/** What a table was taken for, and the choice to take it for the other. */
function doubt(unit, said, given, change) {
  const note = unit.notes.find((each) => DOUBTS.includes(said[each]?.code));
  const words = unit.doubt.holds === "listens" ? t("imports.take_for_items") : t("imports.take_for_listens");
  const choose = () => change({ columns: { ...given.columns, ...unit.doubt.otherwise } });
  return el("div", { class: "note", id: "doubt" },
    el("p", {}, sentence("reason", note, said[note])),
    el("p", {}, el("button", { type: "button", id: "otherwise", onclick: choose }, words)));
}

function trouble(unit, said) {
  // What is not read stands in the table of columns, and a doubt beside its choice.
  const elsewhere = [...(unit.columns.length ? UNREAD : []), ...DOUBTS];
  const notes = unit.notes.filter((each) => !elsewhere.includes(said[each]?.code)).map((each) => sentence("reason", each, said[each]));
  if (!unit.problem) return notes.map((each) => el("p", { class: "soft small" }, each));
  const say = (text) => sentence("reason", text, said[text]);
  return el("div", { class: "note bad" }, el("p", {}, say(unit.problem)), unit.hint && el("p", {}, say(unit.hint)));
}

function stored(sample) {
  const cell = (place) => (row) => {
    const value = row[place];
    if (value === null) return "–";
    return sample.columns[place].endsWith("_at") ? moment(value) : value;
  };
  const title = t("imports.as_stored", { holds: word("holds", sample.holds) });
  const alike = (name, place) => name === "kind" && sample.rows.every((row) => row[place] === "track");
  const shown = sample.columns.map((name, place) => [name, place]).filter(([name, place]) => name !== "precision_ms" && !alike(name, place));
  return [
    el("h3", {}, title),
    el("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": title },
      table(title, shown.map(([name, place]) => [word("column", name), cell(place)]), sample.rows.slice(0, STORED))),
  ];
}

function refusals(found) {
  const reasons = Object.entries(found.reasons);
  if (!reasons.length) return null;
  const refused = found.units.reduce((sum, unit) => sum + unit.refused, 0);
  const rows = found.units.reduce((sum, unit) => sum + unit.rows, 0);
  const examples = found.units.flatMap((unit) => unit.examples);
  return [
    el("h3", {}, t("imports.would_refuse", { n: number(refused), of: number(rows) })),
    refused === rows && el("p", { class: "note bad" }, t("imports.all_refused")),
    el("ul", { class: "reasons" }, reasons.map(([reason, n]) => el("li", {}, badge(number(n), "unclear"), " ", sentence("reason", reason, found.said[reason])))),
    el("details", {}, el("summary", {}, t("imports.examples")), refusedRows(t("imports.examples"), examples, { name: found.name, said: found.said })),
  ];
}

/** Rows that are refused, as a table; with their file unless that is the one of this name, and why unless that is said. */
export function refusedRows(caption, rows, { name, said }) {
  return table(caption, [
    [t("imports.line"), (row) => [row.line === null ? "–" : number(row.line), row.file !== name && el("small", { class: "block" }, row.file)]],
    ...(said ? [[t("imports.why"), (row) => sentence("reason", row.reason, said[row.reason]), "words"]] : []),
    [t("imports.row"), (row) => (row.raw ? el("code", {}, row.raw) : "–"), "words"],
  ], rows);
}

/** How a file is to be read, where it does not say so itself. */
export function options(found, given, again) {
  const form = el("form", { id: "options", class: "stack" });
  const follow = later(() => again(readOptions(form, given)), 300);
  const labelled = (name, field) => el("label", {}, t(`option.${name}`), field);
  const text = (name) => labelled(name, el("input", { name, value: given[name] ?? "", autocomplete: "off", spellcheck: "false", maxlength: 100, placeholder: PLACES[name] }));
  const choice = (name, choices) => labelled(name, el("select", { name }, choices.map(([value, words]) => el("option", { value, selected: value === (given[name] ?? "") }, words))));
  const kinds = Object.keys(found.kinds).map((each) => [each, word("importer", each)]);
  form.append(
    el("div", { class: "fields" },
      choice("kind", [["", t("imports.by_content")], ...kinds]),
      choice("item_kind", [["", t("kind.track")], ["artist", t("kind.artist")]]),
      TEXTS.map(text)),
  );
  form.addEventListener("change", follow);
  form.addEventListener("submit", (event) => (event.preventDefault(), follow()));
  const changed = [...TEXTS, "kind", "item_kind"].some((name) => given[name]);
  return el("details", { open: changed }, el("summary", {}, t("imports.options")), form);
}

const PLACES = { user: "local:me", source: "local", delimiter: ",", encoding: "utf-8" };

function readOptions(form, given) {
  const { columns: chosen } = given;
  const said = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ""));
  return chosen && !said.kind ? { ...said, columns: chosen } : said;
}
