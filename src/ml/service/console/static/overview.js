// What is here: data, models and their scores, jobs.

import { api, who } from "./api.js";
import { intervals } from "./chart.js";
import { el, one, onSubmit } from "./dom.js";
import { failure, fill, nothing, told, tried } from "./states.js";
import { badge, table } from "./table.js";
import { day, megabytes, number, percent, sentence, t, word } from "./texts.js";
import { time } from "./times.js";

const METRIC = "ndcg_at_10";
const ACTIVE = ["queued", "running"];
const { role } = await who();

function fact(name, value, more) {
  return el("div", {}, el("dt", {}, name), el("dd", {}, value, more && el("small", {}, more)));
}

function facts({ data, models, news, problem }) {
  const items = data.items;
  const things = data.listens + data.totals + Object.values(items).reduce((sum, each) => sum + each, 0);
  if (!things) return nothing(t("overview.empty"), t("overview.empty_words"), role === "admin" && el("p", {}, el("a", { class: "button", href: "/imports" }, t("overview.import"))));
  const span = data.first_listen && `${day(data.first_listen)} – ${day(data.last_listen)}`;
  return [
    el(
      "dl",
      { class: "facts" },
      fact(t("overview.listens"), number(data.listens), span),
      fact(t("overview.listeners"), number(data.listeners)),
      fact(t("overview.tracks"), number(items.track ?? 0)),
      fact(t("overview.artists"), number(items.artist ?? 0)),
      fact(t("overview.playlists"), number(data.playlists)),
      fact(t("overview.size"), megabytes(data.size_bytes)),
    ),
    news && el("p", { class: "note" }, news),
    problem && el("p", { class: "note bad" }, problem),
    !models && nothing(t("overview.untrained"), t("overview.untrained_words")),
  ];
}

function metricOf(scores) {
  const names = Object.values(scores).flatMap((each) => Object.keys(each).filter((key) => each[key]?.ci));
  return names.find((name) => name.startsWith("ndcg")) ?? names[0] ?? METRIC;
}

function stands(name, ci) {
  if (name === "popularity") return "baseline";
  return ci[0] > 0 ? "above" : ci[1] < 0 ? "below" : "unclear";
}

function scores({ scores: found }) {
  const metric = metricOf(found);
  const rows = Object.entries(found)
    .filter(([, each]) => each[metric])
    .map(([name, each]) => ({ name, ...each[metric], n: each.n_listeners, kind: stands(name, each[metric].above_popularity_ci) }))
    .sort((one, other) => other.value - one.value);
  if (!rows.length) return nothing(t("overview.unmeasured"), t("overview.unmeasured_words"));
  const title = metric.replace(/_at_|@/, " @ ").toUpperCase();
  const drawn = rows.map((row) => ({ name: row.name, value: row.value, low: row.ci[0], high: row.ci[1], kind: row.kind }));
  return [
    intervals(t("overview.chart", { metric: title, n: rows.length }), title, drawn),
    el(
      "details",
      {},
      el("summary", {}, t("overview.as_table")),
      table(t("overview.quality"), [
        [t("overview.model"), (row) => row.name],
        [title, (row) => number(row.value, 3), "n"],
        [t("overview.interval"), (row) => row.ci.map((each) => number(each, 3)).join(" – "), "n"],
        [t("overview.above"), (row) => number(row.above_popularity, 3), "n"],
        [t("overview.stands"), (row) => badge(t(`stands.${row.kind}`), row.kind)],
      ], rows),
    ),
  ];
}

/** Say what the gate said of a set, or why its card cannot be read: that is in the API's words. */
function why({ created_at: made, passed, gate, why: said }) {
  if (!made || !said) return said;
  if (gate.listeners === undefined) return t("gate.unmeasured");
  if (passed === null) return t("gate.few", { n: number(gate.listeners) });
  const signed = (value) => (value > 0 ? "+" : "") + number(value, 4);
  const gain = { by: signed(gate.by), low: signed(gate.low), high: signed(gate.high), n: number(gate.listeners) };
  return t(passed ? "gate.better" : "gate.unsure", gain);
}

function sets(found) {
  if (!found.length) return nothing(t("overview.no_sets"), t("overview.no_sets_words"));
  const use = (version) =>
    tried(async () => {
      await api("POST", `/models/${encodeURIComponent(version)}/promote`);
      told(t("overview.promoted"));
      refresh();
    });
  const columns = [
    [t("overview.made"), (row) => (row.created_at ? time(row.created_at) : row.version)],
    [t("overview.items"), (row) => number(row.n_items), "n"],
    [t("overview.listeners"), (row) => number(row.n_listeners), "n"],
    [t("overview.gate"), why, "words"],
    [t("overview.state"), (row) => (row.in_use ? badge(t("overview.in_use"), "above") : role === "admin" ? el("button", { type: "button", class: "quiet", onclick: () => use(row.version), aria: { label: t("overview.promote_this", { version: row.version }) } }, t("overview.promote")) : "")],
  ];
  return table(t("overview.sets"), columns, found);
}

function progress(job) {
  const { done, total } = job.progress;
  const step = sentence("work", job.progress.step, job.progress.said);
  if (job.error) return el("span", {}, job.error.message, job.error.hint && el("small", { class: "block" }, job.error.hint));
  if (job.state !== "running") return step || "–";
  const share = total ? done / total : null;
  const bar = el("progress", { max: 1, value: share, aria: { label: t("overview.progress") } });
  return [bar, el("small", { class: "block" }, [step, share !== null && percent(share)].filter(Boolean).join(" · "))];
}

const COLOURS = { done: "above", failed: "below", cancelled: "unclear" };

function jobs(found) {
  if (!found.length) return nothing(t("overview.no_jobs"), t("overview.no_jobs_words"));
  const cancel = (job) =>
    tried(async () => {
      await api("DELETE", `/jobs/${job.id}`);
      told(t("overview.cancelled"));
      refreshJobs();
    });
  return table(t("overview.jobs"), [
    [t("overview.job"), (row) => el("span", { data: { job: row.id } }, word("job", row.kind), " ", el("span", { class: "soft" }, `#${row.id}`))],
    [t("overview.asked"), (row) => time(row.created_at)],
    [t("overview.state"), (row) => badge(word("state", row.state), COLOURS[row.state])],
    [t("overview.far"), progress, "words"],
    ["", (row) => ACTIVE.includes(row.state) && role === "admin" && !row.cancel_asked ? el("button", { type: "button", class: "quiet", id: `cancel-${row.id}`, onclick: () => cancel(row), aria: { label: t("overview.cancel_this", { n: row.id }) } }, t("overview.cancel")) : row.cancel_asked && ACTIVE.includes(row.state) ? t("overview.stopping") : ""],
  ], found);
}

let timer;
async function refreshJobs() {
  clearTimeout(timer);
  let running = false;
  await fill(one("jobs"), () => api("GET", "/jobs?count=10"), (found) => {
    running = found.some((job) => ACTIVE.includes(job.state));
    return jobs(found);
  });
  if (running) timer = setTimeout(refreshJobs, 2000);
}

function refresh() {
  const status = api("GET", "/status");
  fill(one("facts"), () => status, facts);
  fill(one("scores"), () => status, scores);
  fill(one("sets"), () => api("GET", "/models"), sets);
  refreshJobs();
}

const begin = one("begin");
if (begin) {
  onSubmit(begin, one("jobs"), async ({ kind }) => {
    const job = await api("POST", "/jobs", { kind });
    told(t("overview.begun", { n: job.id }));
    await refreshJobs();
  }, (problem) => failure(problem, refreshJobs));
}
refresh();
