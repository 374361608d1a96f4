// The library as a map: points that are near each other are listened to together, or sound alike.

import { api, query, who } from "./api.js";
import { el, later, one } from "./dom.js";
import { toTrack } from "./links.js";
import { grouped } from "./map-paint.js";
import { playlistForm } from "./map-playlist.js";
import { handled } from "./map-view.js";
import { failure, fill, nothing, told, tried } from "./states.js";
import { table } from "./table.js";
import { moment, number, percent, t, word } from "./texts.js";

const me = await who();
const LISTED = 12;
const ACTIVE = ["queued", "running"];
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
let [map, live, groups, only, chosen] = [null, null, null, new Set(), []];

const say = (words) => (one("map-said").textContent = words);
const artistOf = (i) => (map.kind === "artist" ? null : map.artist_names[map.artists[i]]);

function about(i) {
  const genre = map.genre_names[map.genres[i]];
  return [artistOf(i), genre, map.years[i] || null, map.tempos_bpm[i] ? `${number(map.tempos_bpm[i])} BPM` : null].filter(Boolean);
}

// What is there, and what is not.

async function load(by, kind) {
  await fill(one("map"), () => api("GET", query("/map", { by, kind })), shown);
  if (live) paint();
}

function shown(answer) {
  [map, live, only] = [answer, null, new Set()];
  offered(answer);
  take([]);
  const ready = answer.state === "ready" && answer.n_points > 0;
  one("regions-part").hidden = !ready;
  for (const id of ["colour", "find"]) one(id).disabled = !ready;
  one("find").value = "";
  say("");
  if (!ready) return absent(answer);
  one("regions").replaceChildren(regions());
  return drawn();
}

/** Have the two choices say what there is. */
function offered({ by, kind, choices }) {
  const can = (one, other) => choices.some((each) => each.by === one && each.kind === other && each.state !== "nothing");
  for (const option of one("by").options) option.disabled = !["track", "artist"].some((each) => can(option.value, each));
  for (const option of one("kind").options) option.disabled = !can(by, option.value);
  [one("by").value, one("kind").value] = [by, kind];
}

function absent({ state, by, kind }) {
  const way = by === "sound" ? "ml audio scan" : "ml train";
  const place = el("div", { id: "work" });
  if (state === "nothing") return nothing(t("map.nothing"), t(by === "sound" ? "map.nothing_heard" : "map.nothing_trained"), el("code", {}, way));
  const begin = el("button", { type: "button", class: "main", onclick: () => build(by, kind, {}, place) }, t("map.lay_out"));
  const words = me.role === "admin" ? t("map.not_laid_out_words") : t("map.ask_admin");
  if (me.role === "admin") tried(() => resume(place));
  return nothing(t("map.not_laid_out"), words, me.role === "admin" && begin, place);
}

// Laying it out: a job, as any other.

async function build(by, kind, more, place) {
  await tried(async () => {
    const job = await api("POST", "/jobs", { kind: "map", arguments: { by, kind, ...more } });
    await follow(job, place);
  });
}

/** Take up a job that is at work already. */
async function resume(place) {
  const [job] = await api("GET", "/jobs?kind=map&count=1");
  if (job && ACTIVE.includes(job.state)) await follow(job, place);
}

async function follow(asked, place) {
  let job = asked;
  const offers = document.querySelectorAll("#map .state > button, #map .about button");
  offers.forEach((button) => (button.hidden = true)); // what they offer is being done
  while (ACTIVE.includes(job.state)) {
    const { step, done, total } = job.progress;
    const share = total ? done / total : null;
    const words = [step ? word("mapstep", step) : t("map.waiting"), share !== null && percent(share)].filter(Boolean).join(" · ");
    place.replaceChildren(el("progress", { max: 1, value: share, aria: { label: t("map.progress") } }), el("small", { class: "block" }, words));
    await new Promise((resolve) => setTimeout(resolve, 800));
    job = await api("GET", `/jobs/${job.id}`);
  }
  offers.forEach((button) => (button.hidden = false));
  if (job.state === "done") {
    told(t("map.laid_out"));
    await load(job.arguments.by, job.arguments.kind);
  } else place.replaceChildren(job.error ? failure({ title: job.error.message, hint: job.error.hint }) : t("state.cancelled"));
}

// The map itself.

function drawn() {
  const canvas = el("canvas", { id: "canvas", tabindex: 0, role: "application", aria: { label: t("map.canvas", { n: number(map.n_points) }), describedby: "map-keys" } });
  const tip = el("div", { class: "tip", hidden: true, "aria-hidden": "true" });
  live = handled(canvas, map, {
    hover: (i, x, y) => hover(tip, canvas, i, x, y),
    choose: (points, more) => take(more ? toggled(points[0]) : points, true),
    rectangle: (n) => say(n === null ? "" : t("map.in_rectangle", { n: number(n) })),
  });
  const press = (label, act, more = {}) => el("button", { type: "button", class: "quiet", onclick: act, ...more }, label);
  const lasso = press(t("map.lasso"), () => {
    const is = lasso.getAttribute("aria-pressed") !== "true";
    lasso.setAttribute("aria-pressed", is);
    canvas.classList.toggle("lasso", is);
    live.lasso(is);
  }, { "aria-pressed": "false", id: "lasso" });
  return [
    el("div", { class: "row maptools" },
      lasso,
      press(t("map.rectangle"), () => live.rectangle(), { id: "rectangle" }),
      press("+", () => live.zoom(1.6), { aria: { label: t("map.closer") } }),
      press("−", () => live.zoom(1 / 1.6), { aria: { label: t("map.further") } }),
      press(t("map.whole"), () => live.whole())),
    el("div", { class: "mapbox" }, canvas, tip),
    el("div", { id: "legend", class: "legend", role: "group", "aria-label": t("map.legend") }),
    el("p", { id: "map-keys", class: "small soft" }, t("map.pointer"), " ", t("map.keys")),
    state(),
  ];
}

function state() {
  const place = el("div", { id: "work" });
  const facts = [
    t(map.kind === "artist" ? "map.counted_artists" : "map.counted_tracks", { n: number(map.n_points) }),
    map.without && t("map.without", { n: number(map.without) }),
    t("map.kept", { n: number(map.kept_of_10, 1) }),
    t("map.made", { at: moment(map.laid_out_at) }),
  ];
  const again = (more) => () => build(map.by, map.kind, more, place);
  const admin = me.role === "admin";
  return el("div", { class: "about" },
    map.stale && el("p", { class: "note" }, t("map.stale")),
    el("p", { class: "small soft" }, facts.filter(Boolean).join(" · ")),
    admin && el("div", { class: "row" },
      el("button", { type: "button", class: "quiet", id: "again", onclick: again({}) }, t("map.again")),
      (map.stale || map.without > 0) && el("button", { type: "button", class: "quiet", onclick: again({ only_new: true }) }, t("map.only_new"))),
    place);
}

function hover(tip, canvas, i, x, y) {
  tip.hidden = i < 0;
  canvas.classList.toggle("over", i >= 0);
  if (i < 0) return;
  tip.replaceChildren(el("strong", {}, map.names[i]), el("span", {}, about(i).join(" · ")));
  tip.style.left = `${Math.max(0, Math.min(x + 14, canvas.clientWidth - tip.offsetWidth))}px`;
  tip.style.top = `${y + 14 + tip.offsetHeight > canvas.clientHeight ? y - tip.offsetHeight - 10 : y + 14}px`;
}

// Colours, and what is picked out by them or by words.

function paint() {
  groups = grouped(map, one("colour").value);
  only = new Set();
  [live.look.codes, live.look.groups] = [groups.codes, groups.groups];
  legend();
  pickOut();
}

function legend() {
  one("legend").replaceChildren(...groups.groups.flatMap((group, place) => {
    if (!group.count) return [];
    const toggle = ({ currentTarget }) => {
      if (!only.delete(place)) only.add(place);
      currentTarget.setAttribute("aria-pressed", only.has(place));
      pickOut();
    };
    return [el("button", { type: "button", class: "swatch", "aria-pressed": "false", onclick: toggle }, el("i", { class: `paint-${group.paint} shape-${group.shape}` }), `${group.name} `, el("span", { class: "soft" }, number(group.count)))];
  }));
}

/** Dim what is neither of a chosen group nor has the words that are looked for. */
function pickOut() {
  const words = plain(one("find").value.trim());
  const { dim } = live.look;
  const found = [];
  const has = (i) => plain(map.names[i]).includes(words) || plain(artistOf(i) ?? "").includes(words);
  for (let i = 0; i < map.names.length; i += 1) {
    const kept = (!only.size || only.has(groups.codes[i])) && (!words || has(i));
    dim[i] = kept ? 0 : 1;
    if (kept) found.push(i);
  }
  const picked = only.size || words;
  const all = picked && found.length && el("button", { type: "button", class: "link", onclick: () => take(found, true) }, t("map.choose_them"));
  const there = picked && found.length && el("button", { type: "button", class: "link", onclick: () => live.go(found) }, t("map.go_there"));
  one("map-said").replaceChildren(...(picked ? [t("map.found", { n: number(found.length) }), " ", all || "", " ", there || ""] : []));
  live.redraw();
}

// What was chosen, and what is made of it.

function toggled(i) {
  return chosen.includes(i) ? chosen.filter((each) => each !== i) : [...chosen, i].sort((one, other) => one - other);
}

function take(points, tell = false) {
  chosen = points;
  one("chosen-part").hidden = !points.length;
  one("playlist").replaceChildren();
  if (!live) return;
  live.look.chosen.fill(0);
  for (const i of points) live.look.chosen[i] = 1;
  live.redraw();
  if (tell) say(t("map.chosen_n", { n: number(points.length) }));
  if (!points.length) return one("chosen").replaceChildren();
  const some = points.slice(0, LISTED);
  one("chosen").replaceChildren(
    el("p", { class: "row" }, el("strong", {}, t(map.kind === "artist" ? "map.counted_artists" : "map.counted_tracks", { n: number(points.length) })),
      el("button", { type: "button", class: "quiet", onclick: () => (take([], true), one("canvas").focus()) }, t("map.clear"))),
    el("ul", { class: "inline", id: "chosen-list" }, some.map((i) => el("li", { data: { item: map.ids[i] } }, map.kind === "track" ? toTrack(map.ids[i], map.names[i]) : map.names[i], artistOf(i) && ` – ${artistOf(i)}`))),
    points.length > some.length ? el("p", { class: "small soft" }, t("map.and_more", { n: number(points.length - some.length) })) : "",
    playlistForm(map, points),
  );
}

function regions() {
  const large = map.regions.map((region, place) => ({ ...region, place })).filter((region) => region.grain === 0);
  const choose = (region) => {
    const points = map.region_of.flatMap((each, i) => (each === region.place ? [i] : []));
    take(points, true);
    live.go(points);
    one("chosen-h").focus();
  };
  return table(t("map.regions"), [
    [t("map.region"), (row) => row.name],
    [t(map.kind === "artist" ? "map.artists" : "map.tracks"), (row) => number(row.points), "n"],
    [t("map.apart"), (row) => row.tags.join(", ") || "–", "words"],
    [t("map.most_played"), (row) => row.most_played.slice(0, 3).map((i) => map.names[i] ?? "").filter(Boolean).join(", "), "words"],
    ["", (row) => el("button", { type: "button", class: "quiet", onclick: () => choose(row), aria: { label: t("map.choose_region", { name: row.name, n: number(row.points) }) } }, t("map.choose"))],
  ], large);
}

one("by").addEventListener("change", () => load(one("by").value, ""));
one("kind").addEventListener("change", () => load(one("by").value, one("kind").value));
one("colour").addEventListener("change", () => live && paint());
one("find").addEventListener("input", later(() => live && pickOut()));
one("asked").addEventListener("submit", (event) => event.preventDefault());
await load();
