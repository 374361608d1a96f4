// A file comes in: chosen, looked at, imported, and what became of it. The address knows the job, or the import.

import { api, query, who } from "./api.js";
import { el, one } from "./dom.js";
import { pages } from "./import_rejects.js";
import { options, preview } from "./import_preview.js";
import { result, undoing } from "./import_result.js";
import { failure, fill, nothing, told, tried } from "./states.js";
import { badge, table } from "./table.js";
import { number, sentence, t, word } from "./texts.js";
import { time } from "./times.js";

const LOOK_MS = 700;
const ACTIVE = ["queued", "running"];
const COLOURS = { done: "above", failed: "below", undone: "unclear", running: "unclear" };
const me = await who();
const admin = me.role === "admin";
const wizard = one("wizard");
let file = null; // what was chosen; a page that is loaded anew has none
let asked = {}; // how it was to be read
let timer;

/** Say which step is taken, and let whoever cannot see it begin there. */
function step(name) {
  clearTimeout(timer);
  if (!admin) return;
  one("choose").hidden = name !== "file";
  const items = [...one("steps").children];
  const at = items.findIndex((each) => each.dataset.step === name);
  items.forEach((each, place) => {
    each.classList.toggle("over", place < at);
    if (place === at) each.setAttribute("aria-current", "step");
    else each.removeAttribute("aria-current");
  });
}

let demo = one("begin") !== null;

/** Leave the demo world, and wait until the own workspace answers. */
async function leaveDemo() {
  one("begin").disabled = true;
  await api("POST", "/workspace/begin");
  told(t("imports.beginning"));
  const own = async () => {
    const found = await api("GET", "/status").catch(() => null); // between one process and the next nobody answers
    return found && found.data.label !== "demo";
  };
  do await new Promise((go) => setTimeout(go, LOOK_MS));
  while (!(await own()));
}
if (demo) one("begin").addEventListener("click", () => tried(async () => (await leaveDemo(), location.reload())));

function address(values, push = true) {
  const where = query(location.pathname, values);
  if (push) history.pushState(null, "", where);
  else history.replaceState(null, "", where);
}

const heading = (words) => el("h2", { id: "wizard-h", tabindex: -1 }, words);
const another = (words = t("imports.another")) => el("button", { type: "button", class: "quiet", onclick: begin }, words);

function begin() {
  file = null;
  if (admin) one("file").value = "";
  address({});
  show();
  if (admin) one("file").focus();
}

/** Look at what was chosen, as it shall be read. */
async function look(given = {}) {
  const looked = file;
  step("look");
  const form = sent(given);
  const again = (changed) => file === looked && look(changed);
  await fill(wizard, () => named(api("POST", "/imports/preview", form), looked.name), (found) => preview(found, given, {
    heading: heading(found.name),
    again,
    go: el("button", { type: "button", class: "main", id: "go", onclick: () => run(given) }, demo ? t("imports.go_own") : t("imports.go")),
    another: another(),
  }));
  // What cannot be read at all may be read otherwise: the options stay within reach.
  if (wizard.querySelector(":scope > .failed")) wizard.append(options({ kinds: {} }, given, again), el("div", { class: "row end" }, another()));
  else if (!Object.keys(given).length) one("wizard-h")?.focus();
}

/** Say of what is refused which file it is. */
async function named(asking, name) {
  try {
    return await asking;
  } catch (problem) {
    if (problem.status === 400) problem.title = t("imports.unreadable", { name });
    throw problem;
  }
}

function sent(given) {
  const form = new FormData();
  form.append("file", file, file.name);
  for (const [name, value] of Object.entries(given)) {
    if (name !== "columns") form.append(name, value);
    else if (Object.keys(value).length) form.append(name, JSON.stringify(value));
  }
  return form;
}

async function run(given) {
  asked = given;
  one("go").disabled = true;
  await tried(async () => {
    if (demo) {
      await leaveDemo();
      demo = false;
      one("demo").remove();
      refresh();
    }
    const job = await api("POST", "/imports", sent(given));
    address({ job: job.id });
    watch(job.id);
  });
  if (one("go")) one("go").disabled = false;
}

/** Follow a job to its end. */
async function watch(id) {
  step("run");
  let ended = null;
  const here = location.search;
  await fill(wizard, () => api("GET", `/jobs/${id}`), (job) => {
    if (!ACTIVE.includes(job.state)) ended = job;
    return running(job);
  });
  if (location.search !== here) return; // somebody went on meanwhile
  if (ended) await outcome(ended);
  else if (!wizard.querySelector(":scope > .failed")) timer = setTimeout(() => watch(id), LOOK_MS);
}

function running(job) {
  const stop = () => tried(async () => {
    await api("DELETE", `/jobs/${job.id}`);
    watch(job.id);
  });
  const { done } = job.progress;
  const what = sentence("work", job.progress.step, job.progress.said);
  return [
    heading(t("imports.running", { name: nameOf(job.arguments.path) })),
    el("progress", { aria: { label: t("imports.progress") } }),
    el("p", { class: "soft", role: "status" }, [job.state === "queued" ? t("imports.queued") : what, done && t("imports.so_far", { n: number(done) })].filter(Boolean).join(" · ")),
    el("div", { class: "row" }, job.cancel_asked
      ? el("span", {}, t("imports.stopping"))
      : admin && el("button", { type: "button", id: "stop", onclick: stop }, t("imports.stop"))),
  ];
}

async function outcome(job) {
  step("done");
  refresh();
  const name = nameOf(job.arguments.path);
  if (job.state === "done" && job.result.import_id) return old(job.result.import_id);
  if (job.state === "done") return drawn(job.result, name);
  const said = job.error
    ? failure({ title: t("imports.failed", { name }), detail: job.error.message, hint: job.error.hint })
    : nothing(t("imports.stopped", { name }), t("imports.stopped_words"));
  wizard.replaceChildren(heading(t("imports.ended")), said, el("div", { class: "row end" }, another()));
  one("wizard-h").focus();
}

/** Show what an import did, by its summary. */
function drawn(summary, name, state = "done") {
  step("done");
  const id = summary.import_id;
  const readAgain = file && el("button", { type: "button", onclick: () => run({ ...asked, again: true }), id: "go" }, t("imports.read_again"));
  wizard.replaceChildren(...[
    heading(t("imports.of", { name })),
    result(summary, state, { readAgain }),
    admin && id && el("div", { id: "rejects" }),
    el("div", { class: "row end" }, another(t("imports.next")), admin && id && state !== "undone" && undoing(id, name, () => afterUndo(id))),
  ].flat(Infinity).filter(Boolean));
  one("wizard-h").focus();
  if (admin && id) pages(one("rejects"), id, name);
}

function afterUndo(id) {
  refresh();
  return old(id);
}

/** Show an earlier import. */
async function old(id) {
  step("done");
  let found;
  await fill(wizard, async () => {
    const [record] = await api("GET", query("/imports", { count: 1, before: Number(id) + 1 }));
    if (record?.import_id !== Number(id)) throw { status: 404, title: t("imports.unknown", { id }), hint: t("imports.unknown_hint") };
    return record;
  }, (record) => ((found = record), []));
  if (!found) return;
  if (found.summary.rows !== undefined) return drawn(found.summary, nameOf(found.path), found.status);
  const name = nameOf(found.path);
  wizard.replaceChildren(...[
    heading(t("imports.of", { name })),
    nothing(word("import", found.status), t("imports.unfinished_words")),
    admin && el("div", { id: "rejects" }),
    el("div", { class: "row end" }, another(t("imports.next")), admin && found.status !== "undone" && undoing(id, name, () => afterUndo(id))),
  ].filter(Boolean));
  one("wizard-h").focus();
  if (admin) pages(one("rejects"), id, name);
}

/** Call a file by its name; analysts are not told it, nor does a job tell it where the workspace is encrypted. */
const nameOf = (path) => (path ?? "").split(/[/\\]/).pop().replace(/^(sealed)?$/, t("imports.a_file"));

const PAGE = 20;

function earlier(found) {
  if (!found.length) return nothing(t("imports.none"), t("imports.none_words"));
  const rows = found.slice(0, PAGE);
  const open = (row) => {
    address({ import: row.import_id });
    old(row.import_id);
  };
  return [
    table(t("imports.earlier"), [
      [t("imports.file"), (row) => [nameOf(row.path), " ", el("span", { class: "soft" }, `#${row.import_id}`)]],
      [t("imports.when"), (row) => time(row.started_at)],
      [t("imports.state"), (row) => badge(word("import", row.status), COLOURS[row.status])],
      [t("imports.rows"), (row) => (row.summary.rows === undefined ? "–" : number(row.summary.rows)), "n"],
      [t("imports.refused"), (row) => (row.summary.rejected === undefined ? "–" : number(row.summary.rejected)), "n"],
      ["", (row) => el("button", { type: "button", class: "quiet", id: `details-${row.import_id}`, onclick: () => open(row), aria: { label: t("imports.details_this", { id: row.import_id }) } }, t("imports.details"))],
    ], rows),
    found.length > PAGE && el("button", { type: "button", class: "quiet", onclick: () => refresh(rows.at(-1).import_id) }, t("imports.older")),
    refresh.before && el("button", { type: "button", class: "quiet", onclick: () => refresh() }, t("imports.newest")),
  ];
}

function refresh(before) {
  refresh.before = before;
  return fill(one("earlier"), () => api("GET", query("/imports", { count: PAGE + 1, before })), earlier);
}

/** Show what the address says. */
function show() {
  const said = new URLSearchParams(location.search);
  wizard.replaceChildren();
  if (said.has("job")) watch(Number(said.get("job")));
  else if (said.has("import")) old(Number(said.get("import")));
  else step("file");
}

function chosen(files) {
  if (!files.length) return;
  file = files[0];
  if (files.length > 1) told(t("imports.one_by_one"));
  address({}, location.search !== "");
  look();
}

if (admin) {
  one("file").addEventListener("change", ({ target }) => chosen(target.files));
  for (const name of ["dragover", "dragleave", "drop"]) {
    document.documentElement.addEventListener(name, (event) => {
      event.preventDefault();
      one("drop").classList.toggle("over", name === "dragover");
      if (name === "drop") chosen(event.dataTransfer.files);
    });
  }
}
addEventListener("popstate", show);
show();
refresh();
// A quick hand chooses before anybody listens.
if (admin && !location.search) chosen(one("file").files);
