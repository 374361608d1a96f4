// A playlist of what was chosen on the map: put in order by the API, shown, saved as a file.

import { api, download } from "./api.js";
import { el, one, onSubmit } from "./dom.js";
import { toTrack } from "./links.js";
import { failure, noted, tried } from "./states.js";
import { number, t, tongue, word } from "./texts.js";

const MOST = 500;
const USUAL = 30;
const ARCS = ["", "warm-up", "peak", "wave", "wind-down"];
const FORMS = ["m3u8", "xspf", "jspf", "csv"];

/** Make a list of the most played of what was chosen; of artists, one that is like them. */
async function make(map, chosen, count, arc) {
  const ids = chosen.map((i) => map.ids[i]);
  const shape = arc ? { arc } : {};
  if (map.kind === "artist") return api("POST", "/playlists/generate", { seeds: ids.slice(0, 20), count, language: tongue, ...shape });
  if (Math.min(count, ids.length) < 2) return api("POST", "/playlists/generate", { include: ids.slice(0, 1), count: 1, language: tongue });
  const { playlist } = await api("POST", "/playlists/reorder", { tracks: ids.slice(0, count), language: tongue, ...shape });
  return playlist;
}

function listed(map, playlist, place) {
  const title = el("input", { id: "list-title", value: t("map.list_title"), maxlength: 200, required: true });
  const form = el("select", { id: "list-form" }, FORMS.map((each) => el("option", { value: each }, each.toUpperCase())));
  const save = (event) => {
    event.preventDefault();
    const tracks = playlist.tracks.map((track) => track.track_id);
    return tried(() => download("/playlists/export", { tracks, title: title.value, form: form.value }, `${title.value}.${form.value}`));
  };
  const minutes = number(playlist.duration_s / 60);
  const shown = playlist.tracks.map((track, rank) =>
    el("li", { class: "pick", data: { track: track.track_id } },
      el("span", { class: "rank", "aria-hidden": "true" }, rank + 1),
      el("div", { class: "what" },
        el("h3", {}, toTrack(track.track_id, track.title)),
        el("p", { class: "by" }, [track.artist, track.tempo_bpm && `${number(track.tempo_bpm)} BPM`, track.camelot].filter(Boolean).join(" · ")))));
  place.replaceChildren(
    el("h3", { id: "list-h", tabindex: "-1" }, t("map.list", { n: number(playlist.tracks.length), minutes })),
    ...noted(playlist, map.notices),
    el("form", { class: "row wide", onsubmit: save },
      el("label", {}, t("playlists.name"), title),
      el("label", {}, t("playlists.form"), form),
      el("button", {}, t("playlists.download"))),
    el("ol", { class: "picks" }, shown));
  one("list-h").focus();
}

/** Give the form that makes a list of what was chosen. */
export function playlistForm(map, chosen) {
  const place = one("playlist");
  const most = map.kind === "artist" ? MOST : Math.min(MOST, chosen.length);
  const count = el("input", { type: "number", name: "count", min: 1, max: most, value: Math.min(USUAL, most), required: true });
  const arc = el("select", { name: "arc" }, ARCS.map((each) => el("option", { value: each }, each ? word("arc", each) : t("map.no_arc"))));
  const form = el("form", { class: "row wide", id: "make" },
    el("label", {}, t("map.count"), count),
    el("label", {}, t("map.arc"), arc),
    el("button", { class: "main" }, t(map.kind === "artist" ? "map.make_like" : "map.make")));
  onSubmit(form, place, async (given) => listed(map, await make(map, chosen, given.count, given.arc), place), (problem) => failure(problem));
  return form;
}
