// One track: its sound with all that is heard in it, what is known of it, what is like it.

import { api, query } from "./api.js";
import { el, one } from "./dom.js";
import { chordName } from "./lanes.js";
import { toTrack } from "./links.js";
import { player } from "./player.js";
import { fill, nothing } from "./states.js";
import { badge, table } from "./table.js";
import { moment, number, percent, t, tongue, word } from "./texts.js";
import { clock } from "./timeline.js";

/** Columns of the waveform: as many as there are, for who looks closely. */
const COLUMNS = 8192;
const item = new URLSearchParams(location.search).get("item") ?? "";
const of = (path, more = {}) => query(path, { item_id: item, ...more });

function keyOf({ key, mode, camelot }) {
  if (!key) return null;
  const tonic = word("tonic", key);
  const said = mode === "minor" ? t("track.minor", { key: tongue === "de" ? tonic.toLowerCase() : tonic }) : t("track.major", { key: tonic });
  return camelot ? `${said} · ${camelot}` : said;
}

function fact(name, value, more) {
  return value && el("div", {}, el("dt", {}, name), el("dd", {}, value, more && el("small", {}, more)));
}

function facts(found, heard) {
  const both = { ...found, ...(heard && { tempo_bpm: heard.tempo_bpm, key: heard.key, mode: heard.mode, camelot: heard.camelot, loudness_lufs: heard.loudness_lufs }) };
  const corrected = (name) => heard && name in heard.corrected && t("track.corrected");
  const sure = (value) => value && t("track.sure", { share: percent(value) });
  const share = (title, value) => fact(title, value !== null && percent(value));
  const rows = [
    fact(t("track.tempo"), both.tempo_bpm && `${number(both.tempo_bpm, 1)} BPM`, corrected("tempo_bpm") || sure(heard?.tempo_confidence)),
    fact(t("track.key"), keyOf(both), corrected("key") || sure(heard?.key_confidence)),
    fact(t("track.length"), found.duration_s && clock(found.duration_s)),
    fact(t("track.metre"), heard?.time_signature),
    fact(t("track.loudness"), both.loudness_lufs && `${number(both.loudness_lufs, 1)} LUFS`, heard?.loudness_range_lu && t("track.range", { lu: number(heard.loudness_range_lu, 1) })),
    fact(t("track.album"), found.album),
    fact(t("track.year"), found.year),
    fact(t("track.plays"), number(found.plays), t("track.by_all")),
    share(t("track.energy"), found.energy),
    share(t("track.danceability"), found.danceability),
    share(t("track.valence"), found.valence),
  ].filter(Boolean);
  const words = (name, list) => list.length > 0 && el("p", {}, el("span", { class: "soft" }, name, " "), list.map((each) => [badge(each), " "]));
  return [
    el("dl", { class: "facts" }, rows),
    words(t("track.genres"), found.genres),
    words(t("track.tags"), found.tags.slice(0, 12)),
    heard && words(t("track.moods"), heard.moods.slice(0, 6).map((each) => `${each.name} ${percent(each.probability)}`)),
    heard?.problems.length > 0 && el("p", { class: "note" }, t("track.problems"), " ", heard.problems.map((each) => each.message).join("; ")),
    heard && el("p", { class: "soft small" }, t("track.analysed", { at: moment(heard.analysed_at) })),
  ];
}

/** What the pictures say, in words: each row leads to its moment. */
function inWords(found, seek) {
  const jump = (at) => el("button", { type: "button", class: "link", onclick: () => seek(at), aria: { label: t("track.go_to", { at: clock(at, 1) }) } }, clock(at, 1));
  const folded = (title, make) => {
    const box = el("details", {}, el("summary", {}, title));
    box.addEventListener("toggle", () => box.open && box.childElementCount === 1 && box.append(make()));
    return box;
  };
  const rows = (caption, name, list) => table(caption, [[name, (row) => (row.chord ? chordName(row.chord) : row.label)], [t("track.from"), (row) => jump(row.start_s)], [t("track.until"), (row) => clock(row.end_s, 1)]], list);
  const counted = (name, list) => t(name, { n: number(list.length) });
  return el("div", { class: "in-words" },
    found.beats?.length > 0 && el("p", { id: "counted" }, t("track.counted", { beats: number(found.beats.length), bars: number(found.downbeats?.length ?? 0), tempo: found.tempo_bpm ? number(found.tempo_bpm, 1) : "–" })),
    found.sections.length > 0 && folded(counted("track.n_sections", found.sections), () => rows(t("track.sections"), t("track.section"), found.sections)),
    found.chords.length > 0 && folded(counted("track.n_chords", found.chords), () => rows(t("track.chords"), t("track.chord"), found.chords)));
}

function sounding(found, address) {
  const picture = found.spectrogram ? fetch(`/api/v1${of("/tracks/spectrogram")}`, { credentials: "same-origin" }) : null;
  const made = player(found, address, picture);
  return [!address && gone(), made.element, el("p", { class: "soft small keys" }, t("track.keys")), inWords(found, made.seek)];
}

const scan = () => el("code", {}, "ml audio scan FOLDER");
const gone = () => nothing(t("track.gone"), t("track.gone_words"), scan());

function similar({ by, tracks }) {
  if (!by) return nothing(t("track.no_similar"), t("track.no_similar_words"));
  return [
    el("p", { class: "lead", id: "by-what" }, t(by === "sound" ? "track.by_sound" : "track.by_listening")),
    el("ol", { class: "picks" }, tracks.map((each, place) =>
      el("li", { class: "pick", data: { item: each.item_id } },
        el("span", { class: "rank", "aria-hidden": "true" }, place + 1),
        el("div", { class: "what" }, el("h3", {}, toTrack(each.item_id, each.title)), el("p", { class: "by" }, each.artist, by === "sound" && el("span", { class: "soft" }, each.artist && " · ", t("track.alike", { n: number(each.score, 2) }))))))),
  ];
}

function name(found) {
  one("title").textContent = found.title;
  document.title = `${found.title} · ml`;
  one("by").replaceChildren(...(found.artist ? [el("a", { href: query("/search", { q: found.artist }) }, found.artist)] : []));
}

async function open() {
  let heard = null;
  let known = null;
  const tell = () => known && fill(one("facts"), async () => known, (found) => facts(found, heard));
  await fill(one("facts"), () => api("GET", of("/tracks")), (found) => {
    name((known = found));
    return facts(found, null);
  });
  if (!known) return ["sound", "similar"].forEach((name) => (one(name).closest("section").hidden = true));
  fill(one("similar"), () => api("GET", of("/tracks/similar", { count: 10 })), similar);
  if (known.sound === "unscanned") return one("sound").replaceChildren(nothing(t("track.unheard"), t("track.unheard_words"), scan()));
  const address = known.sound === "there" ? `/api/v1${of("/tracks/audio")}` : null;
  fill(one("sound"), () => api("GET", of("/tracks/analysis", { columns: COLUMNS })), (found) => {
    heard = found;
    tell();
    return sounding(found, address);
  });
}

one("which").addEventListener("submit", (event) => {
  event.preventDefault();
  location.assign(query("/track", { item: one("which").elements.item_id.value.trim() }));
});
if (item) open();
else {
  one("track").hidden = true;
  one("which").hidden = false;
  one("nobody").replaceChildren(nothing(t("track.nothing"), t("track.nothing_words")));
}
