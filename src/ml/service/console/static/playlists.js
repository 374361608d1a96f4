// The playlist studio: a list is wished for, made, looked at, changed by hand, heard and taken away.

import { api, download } from "./api.js";
import { asWanted, flow } from "./chart.js";
import { el, one } from "./dom.js";
import { failure, fill, nothing, told, tried } from "./states.js";
import { badge, table } from "./table.js";
import { minutes, number, percent, t, tongue } from "./texts.js";
import { marked, tracklist } from "./tracklist.js";
import { heard, played } from "./transitions.js";
import { wishesOf } from "./wishes.js";

const FORMS = ["m3u8", "xspf", "jspf", "csv"];
const locked = new Set();
const past = [];
let wishes;
let current;
let sound; // what is heard, while it is

/** Hand a list back as the API takes it. */
const handed = (tracks, request = current.request) => ({ tracks: tracks.map(({ track_id }) => ({ track_id })), request });
const say = (words) => (one("said").textContent = words);

/** Put a list in place of the one that is shown, and keep that one for whoever wants it back. */
function show(found) {
  silence();
  if (current) past.push(current);
  current = found;
  return drawn(found);
}

function undo() {
  if (!past.length) return; // what is said in passing outlives the list that it speaks of
  silence();
  current = past.pop();
  one("list").replaceChildren(...drawn(current).flat(Infinity).filter(Boolean));
  one("undo")?.focus();
}

/** Change the list by asking the API. Where what was pressed is gone, what is at its place now has the focus. */
function change(path, body, words, focus) {
  say("");
  return tried(async () => {
    const found = await api("POST", path, body);
    await fill(one("list"), async () => found, show);
    if (words) (say(words), told(words, undo));
    if (focus) one(`${focus.verb}-${found.tracks[Math.min(focus.place, found.tracks.length - 1)].track_id}`).focus();
  });
}

function move(from, to) {
  const tracks = [...current.tracks];
  const [track] = tracks.splice(from, 1);
  tracks.splice(to, 0, track);
  return change("/playlists/show", { playlist: handed(tracks) }, "", { verb: "move", place: to }).then((done) => done && say(t("playlists.moved", { title: track.title, n: to + 1 })));
}

function remove(track) {
  const tracks = current.tracks.filter((each) => each !== track);
  // From now on the list is as long as it was made by hand, and what is out stays out.
  const { minutes: _, ...request } = current.request;
  const out = { ...request, count: tracks.length, exclude: [...(request.exclude ?? []), track.track_id] };
  if (out.include) out.include = out.include.filter((each) => each !== track.track_id);
  locked.delete(track.track_id);
  if (tracks.length) change("/playlists/show", { playlist: handed(tracks, out) }, t("playlists.removed", { title: track.title }), at("remove", track));
}

function lock(id) {
  locked.has(id) ? locked.delete(id) : locked.add(id);
  one(`lock-${id}`).setAttribute("aria-pressed", String(locked.has(id)));
}

const at = (verb, track) => ({ verb, place: current.tracks.indexOf(track) });
const all = () => handed(current.tracks);
const replace = (track) => change("/playlists/edit", { playlist: all(), remove: [track.track_id] }, t("playlists.replaced", { title: track.title }), at("replace", track));
const anew = () => change("/playlists/edit", { playlist: all(), keep: current.tracks.map((each) => each.track_id).filter((id) => locked.has(id)) });
const longer = () => change("/playlists/resize", { playlist: all(), count: current.tracks.length + 3, played: current.tracks.length });

/** Put the tracks in a better order, and look at it by all that was asked. */
async function reorder() {
  await tried(async () => {
    const tracks = current.tracks.map((each) => each.track_id);
    const { arc } = current.request;
    const { playlist } = await api("POST", "/playlists/reorder", { tracks, language: tongue, ...(arc && { arc }) });
    await change("/playlists/show", { playlist: handed(playlist.tracks) });
  });
}

function silence() {
  sound?.stop();
  sound = undefined;
}

async function hear() {
  if (sound) return silence();
  const button = one("play");
  const { tracks } = current;
  const mine = played(tracks, (place) => (marked(place), say(t("playlists.hearing", { one: tracks[place].title, other: tracks[place + 1].title }))), (track) => told(t("playlists.silent", { title: track.title })));
  sound = mine;
  button.textContent = t("playlists.stop");
  await mine.ended;
  if (sound === mine) sound = undefined;
  marked();
  button.textContent = t("playlists.play");
}

function taken(event) {
  event.preventDefault();
  const { elements } = event.target;
  const title = elements.title.value.trim() || t("playlists.title");
  const form = elements.form.value;
  const tracks = current.tracks.map((each) => each.track_id);
  return tried(() => download("/playlists/export", { tracks, title, form }, `${title}.${form}`));
}

/** Keep the list in the store, as the listener's whose taste counted, if anybody's did. */
function keep() {
  const name = one("take").elements.title.value.trim();
  if (!name) return told(t("playlists.unnamed"));
  const { user_id: whose } = current.request;
  const tracks = current.tracks.map((each) => each.track_id);
  return tried(async () => {
    const kept = await api("POST", "/playlists", { name, tracks, ...(whose && { user_id: whose }) });
    told([t("playlists.kept", { name: kept.name }), ...kept.notices].join(" – "));
  });
}

function tools(found) {
  const audible = heard(found.tracks).length > 0;
  const button = (id, label, press, off) => el("button", { type: "button", id, onclick: press, disabled: off }, label);
  return el("div", { class: "tools" },
    el("div", { class: "row" },
      button("undo", t("playlists.undo"), undo, !past.length),
      button("order", t("playlists.order"), reorder, found.tracks.length < 3),
      button("longer", t("playlists.longer"), longer),
      button("anew", t("playlists.anew"), anew),
      button("play", t("playlists.play"), hear, !audible)),
    !audible && el("p", { class: "soft small" }, t("playlists.no_sound")),
    el("form", { class: "row wide", id: "take", onsubmit: taken },
      el("label", {}, t("playlists.name"), el("input", { name: "title", maxlength: 200, autocomplete: "off", value: found.request.theme ?? "" })),
      el("label", {}, t("playlists.form"), el("select", { name: "form" }, FORMS.map((form) => el("option", { value: form }, form.toUpperCase())))),
      el("button", {}, t("playlists.download")),
      el("button", { type: "button", id: "keep", onclick: keep }, t("playlists.keep"))));
}

/** What cannot be had, and what would be possible. */
function stuck(conflict) {
  const apart = conflict.relaxations.length > 0;
  const ways = apart ? conflict.relaxations : conflict.together;
  if (!ways.length) return null;
  const shown = (way) => {
    const relax = apart ? wishes.relaxing(way) : null;
    return relax ? el("button", { type: "button", class: "link", onclick: () => (relax(), make()) }, way.said) : way.said;
  };
  return el("div", { class: "ways" }, el("p", {}, apart ? t("playlists.way") : t("playlists.together")), el("ul", { class: "inline" }, ways.map((way) => el("li", {}, shown(way)))));
}

function constraints(found) {
  const met = found.constraints.filter((each) => each.met).length;
  const n = found.constraints.length;
  return el("details", { open: met < n }, el("summary", {}, t("playlists.asked", { met, n })),
    el("ul", { class: "asked" }, found.constraints.map((each) => el("li", {}, each.met ? badge(t("playlists.met"), "above") : badge(t("playlists.unmet"), "below"), " ", each.said))));
}

function picture(found) {
  const titles = { energy: t("playlists.flow_energy"), wanted: t("playlists.flow_wanted"), tempo: t("playlists.flow_tempo"), step: t("playlists.flow_step") };
  const wanted = asWanted(found.tracks);
  const share = (value) => (value === null ? "–" : percent(value));
  return el("div", { class: "card" }, el("h3", {}, t("playlists.flow")),
    flow(t("playlists.flow_label", { n: found.tracks.length }), titles, found.tracks),
    el("details", {}, el("summary", {}, t("overview.as_table")), table(t("playlists.flow"), [
      [t("playlists.track"), (row) => `${found.tracks.indexOf(row) + 1}. ${row.title}`],
      [t("playlists.wanted"), (row) => share(wanted[found.tracks.indexOf(row)]), "n"],
      [t("playlists.got"), (row) => share(row.energy), "n"],
      [t("playlists.tempo"), (row) => (row.tempo_bpm === null ? "–" : number(row.tempo_bpm)), "n"],
      [t("playlists.key"), (row) => row.camelot ?? "–", "n"],
      [t("playlists.step"), (row) => (row.transition_cost === null ? "–" : number(row.transition_cost, 2)), "n"],
    ], found.tracks)));
}

function understood(found) {
  const pieces = found.understood;
  one("understood").replaceChildren(...(pieces.length ? [t("playlists.understood"), " ", ...pieces.flatMap((each) => [badge(each), " "])] : []));
}

function drawn(found) {
  understood(found);
  const n = found.tracks.length;
  const whole = found.understood.join("; ");
  const notices = found.notices.filter((each) => !whole || !each.endsWith(whole)); // that one is shown as chips
  const flows = found.tracks.some((each) => each.energy !== null || each.tempo_bpm !== null);
  return [
    el("div", { class: "head" }, el("h2", {}, t("playlists.made")), el("span", { class: "soft n" }, t("playlists.counted", { n: number(n), length: minutes(found.duration_s) }))),
    notices.map((each) => el("p", { class: "note" }, each)),
    found.conflicts.map(stuck),
    constraints(found),
    tools(found),
    flows && picture(found),
    tracklist(found.tracks, { move, lock, replace, remove, locked }),
  ];
}

async function make() {
  await wishes.settled();
  wishes.remember();
  past.length = 0;
  current = undefined;
  locked.clear();
  one("understood").replaceChildren();
  return fill(one("list"), () => api("POST", "/playlists/generate", wishes.read()), show);
}

function begin() {
  one("list").replaceChildren(nothing(t("playlists.begin"), t("playlists.begin_words")));
}

one("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  make().then(() => one("made").getBoundingClientRect().top > innerHeight / 2 && one("made").scrollIntoView());
});
try {
  wishes = wishesOf(one("ask"), await api("GET", `/playlists/choices?language=${tongue}`));
  one("make").disabled = false; // until now the form was not whole
  wishes.recall() ? make() : begin();
} catch (problem) {
  if (problem.status === undefined) throw problem;
  one("ask").hidden = true;
  one("list").replaceChildren(failure(problem, () => location.reload()));
}
