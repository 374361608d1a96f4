// Experiments: planned, begun, widened, ended, and what can be said of them now.

import { advice } from "./advice.js";
import { api } from "./api.js";
import { course } from "./chart.js";
import { el, one, onSubmit } from "./dom.js";
import { failure, fill, nothing, told, tried } from "./states.js";
import { badge, table } from "./table.js";
import { number, percent, t, word } from "./texts.js";
import { time } from "./times.js";

const path = (name, verb = "") => `/experiments/${encodeURIComponent(name)}${verb && `/${verb}`}`;
const COLOURS = { running: "above", draft: "", stopped: "unclear" };

function list(found) {
  if (!found.length) return nothing(t("experiments.none"), t("experiments.none_words"));
  return table(t("experiments.all"), [
    [t("experiments.name"), ({ definition }) => el("button", { type: "button", class: "link", id: `show-${definition.name}`, onclick: () => show(definition.name) }, definition.name)],
    [t("experiments.state"), (row) => badge(word("experiment", row.state), COLOURS[row.state])],
    [t("experiments.metric"), ({ definition }) => word("metric", definition.metric.name)],
    [t("experiments.variants"), ({ definition }) => definition.variants.map((each) => each.name).join(", ")],
    [t("experiments.exposed"), (row) => number(row.exposed), "n"],
    [t("experiments.begun"), (row) => time(row.started_at)],
    ["", (row) => acts(row)],
  ], found);
}

function act(name, method, verb, body) {
  const press = () =>
    tried(async () => {
      await api(method, path(name, method === "DELETE" ? "" : verb), body);
      told(t("experiments.done"));
      refresh();
      if (one("report").dataset.of === name) verb === "delete" ? one("report").replaceChildren() : show(name);
    });
  return el("button", { type: "button", class: "quiet", id: `${verb}-${name}`, onclick: press, aria: { label: `${t(`experiments.${verb}`)}: ${name}` } }, t(`experiments.${verb}`));
}

function acts({ definition: { name }, state }) {
  if (state === "draft") return el("span", { class: "row" }, act(name, "POST", "start", { share: 1 }), act(name, "DELETE", "delete"));
  return state === "running" ? act(name, "POST", "stop") : "";
}

const DO = { ship: "above", continue: "unclear", stop: "below", distrust: "below" };
const STANDS = { better: "above", worse: "below", broken: "below", held: "above" };
const interval = (low, high) => `${number(low, 3)} … ${number(high, 3)}`;

function lines(found) {
  const names = [...new Set(found.course.map((each) => each.variant))];
  return names.map((name) => {
    const days = found.course.filter((each) => each.variant === name);
    const column = (key) => days.map((each) => each[key]);
    return { name, at: column("at").map((at) => new Date(at).toISOString()), difference: column("difference"), low: column("low"), high: column("high") };
  });
}

function report(found) {
  const { definition, state } = found.experiment;
  const metric = word("metric", definition.metric.name);
  const drawn = lines(found);
  const label = t("experiments.course_label", { metric, n: found.course.length });
  return el("section", { class: "card", "aria-labelledby": "report-h" },
    el("div", { class: "head" }, el("h2", { id: "report-h", tabindex: -1 }, definition.name), badge(word("experiment", state), COLOURS[state])),
    el("p", { class: "verdict" }, badge(t(`do.${found.decision.do}`), DO[found.decision.do]), " ", advice(found.decision)),
    found.notices.map((each) => el("p", { class: "note" }, each)),
    el("h3", {}, t("experiments.course", { metric })),
    drawn.length ? [el("p", { class: "soft small" }, t("experiments.course_lead", { p: percent(1 - definition.alpha) })), course(label, t("experiments.difference"), drawn), el("details", {}, el("summary", {}, t("overview.as_table")), days(found.course))] : nothing(t("experiments.no_days"), t("experiments.no_days_words")),
    found.comparisons.length > 0 && [el("h3", {}, t("experiments.metrics")), comparisons(found.comparisons)],
    el("h3", {}, t("experiments.arms")),
    table(t("experiments.arms"), [
      [t("experiments.variant"), (row) => row.variant],
      [t("experiments.expected"), (row) => percent(row.expected), "n"],
      [t("experiments.exposed"), (row) => number(row.exposed), "n"],
      [t("experiments.counted"), (row) => number(row.counted), "n"],
    ], found.arms));
}

function days(found) {
  return table(t("experiments.as_days"), [
    [t("experiments.day"), (row) => time(row.at, { days: true })],
    [t("experiments.variant"), (row) => row.variant],
    [t("experiments.listeners"), (row) => number(row.n), "n"],
    [t("experiments.difference"), (row) => number(row.difference, 3), "n"],
    [t("experiments.interval"), (row) => interval(row.low, row.high), "n"],
  ], found);
}

function comparisons(found) {
  return table(t("experiments.metrics"), [
    [t("experiments.metric"), (row) => [word("metric", row.metric), el("small", { class: "block" }, t(`metric_role.${row.role}`))]],
    [t("experiments.variant"), (row) => row.variant],
    [t("experiments.difference"), (row) => row.difference === null ? "–" : number(row.difference, 3), "n"],
    [t("experiments.interval"), (row) => row.difference === null ? "–" : [interval(row.low, row.high), el("small", { class: "block" }, percent(row.level, 1))], "n"],
    [t("experiments.stands"), (row) => badge(t(`verdict.${row.stands.split(" ")[0]}`), STANDS[row.stands] ?? "unclear")],
  ], found);
}

async function show(name) {
  one("report").dataset.of = name;
  await fill(one("report"), () => api("GET", path(name, "report")), report);
  one("report-h")?.focus();
}

function refresh() {
  return fill(one("experiments"), () => api("GET", "/experiments?count=1000"), list);
}

onSubmit(one("create"), one("create").nextElementSibling, async ({ name, metric, algorithm }) => {
  const variants = [{ name: "as-is" }, { name: algorithm, parameters: { algorithm } }];
  await api("POST", "/experiments", { name, metric, variants });
  told(t("experiments.created", { name }));
  one("create").reset();
  refresh();
}, failure);
refresh();
