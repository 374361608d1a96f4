// What is wished of a list: a form, the request that the API is sent, and the address that says the same.

import { api, query } from "./api.js";
import { arcIn } from "./arc.js";
import { chipsIn } from "./chips.js";
import { el, one } from "./dom.js";
import { t, tongue } from "./texts.js";

const NUMBERS = ["max_per_artist", "artist_gap", "not_played_days", "familiar_ratio"];
const WORDS = ["theme", "mood", "activity", "time_of_day", "user_id"];
const SPANS = { bpm: 1, energy: 0.01, years: 1 };
const ENDS = { bpm: [1, 1000], energy: [0, 1], years: [1, 9999] };
/** Of whom a list is, is nobody's business but of those who ask: addresses are passed on. */
const PERSONAL = new Set(["user_id", "not_played_days"]);

/** Make the form of what there is to choose from. */
export function wishesOf(form, choices) {
  const field = (name) => form.elements[name];
  const languages = new Intl.DisplayNames(tongue, { type: "language" });
  const words = { mood: choices.moods, activity: choices.activities, time_of_day: choices.times_of_day, languages: choices.languages.map((code) => ({ name: code, label: languages.of(code) ?? code })) };
  for (const [name, known] of Object.entries(words)) field(name).append(...known.map((each) => el("option", { value: each.name }, each.label)));
  const arc = arcIn(one("arc"), choices.arcs, choices.features.includes("energy"));
  const genres = choices.genres.map((each) => ({ value: each.name, label: each.label }));
  const labels = { seeds: t("playlists.seeds"), genres: t("playlists.genres"), away: t("playlists.away"), not_genres: t("playlists.not_genres") };
  const chips = {};
  for (const box of form.querySelectorAll("[data-chips]")) {
    const name = box.dataset.chips;
    chips[name] = chipsIn(box, name, labels[name], name.endsWith("genres") ? async () => genres : named);
  }

  /** Give the request. */
  function read() {
    const asked = { language: tongue };
    for (const name of WORDS) if (field(name)?.value.trim()) asked[name] = field(name).value.trim();
    for (const name of NUMBERS) if (field(name)?.value) asked[name] = Number(field(name).value);
    for (const name of Object.keys(chips)) if (chips[name].value().length) asked[name] = chips[name].value();
    for (const name of Object.keys(SPANS)) Object.assign(asked, span(name));
    if (field("amount").value) asked[field("unit").value] = Number(field("amount").value);
    if (field("languages").value) asked.languages = [field("languages").value];
    if (field("instrumental").value) asked.instrumental = field("instrumental").value === "true";
    if (field("clean").checked) asked.explicit = false;
    if (field("files_only").checked) asked.files_only = true;
    if (field("best").checked) asked.effort = "best";
    if (arc.value()) asked.arc = arc.value();
    return asked;
  }

  function span(name) {
    const [from, to] = ["from", "to"].map((end) => field(`${name}_${end}`).value);
    if (!from && !to) return {};
    const scaled = (value, open) => (value ? Number(value) * SPANS[name] : open);
    return { [name]: [scaled(from, ENDS[name][0]), scaled(to, ENDS[name][1])] };
  }

  /** Say in the address what is wished, without who. */
  function remember() {
    const said = new URLSearchParams();
    for (const each of form.elements) {
      if (!each.name || PERSONAL.has(each.name) || each.name === "arc_shape" || (each.name === "unit" && !field("amount").value)) continue;
      if (each.type === "checkbox" ? each.checked : each.value) said.append(each.name, each.type === "checkbox" ? "1" : each.value.trim());
    }
    for (const [name, box] of Object.entries(chips)) for (const [value, label] of box.chosen()) said.append(name, label === value ? value : `${value}|${label}`);
    if (arc.value()) said.append("arc", String(arc.value()));
    history.replaceState(null, "", `${location.pathname}${said.size ? `?${said}` : ""}`);
  }

  /** Fill the form with what the address says; tell whether it says anything. */
  function recall() {
    const said = new URLSearchParams(location.search);
    said.delete("lang");
    for (const [name, value] of said) {
      if (chips[name]) chips[name].take(...value.split("|", 2));
      else if (name === "arc") arc.set(/^[\d.,]+$/.test(value) ? value.split(",").map(Number) : value);
      else if (!PERSONAL.has(name) && field(name)) field(name).type === "checkbox" ? (field(name).checked = value === "1") : (field(name).value = value);
    }
    const more = one("more");
    more.open = [...more.querySelectorAll("input, select")].some((each) => (each.type === "checkbox" ? each.checked : each.value)) || ["away", "not_genres"].some((name) => chips[name].value().length);
    return said.size > 0;
  }

  /** Give what makes a demand as much as would be possible, or takes it back; null where the form cannot. */
  function relaxing({ name, enough }) {
    const put = (value) => () => (field(name).value = value);
    if (NUMBERS.includes(name) && field(name)?.value && typeof enough === "number") return put(enough);
    if (enough !== null) return null;
    if (name in SPANS && span(name)[name]) return () => ["from", "to"].forEach((end) => (field(`${name}_${end}`).value = ""));
    if (chips[name]?.value().length) return chips[name].clear;
    if (["languages", "instrumental", ...NUMBERS].includes(name) && field(name)?.value) return put("");
    return name === "files_only" && field(name).checked ? () => (field(name).checked = false) : null;
  }

  /** Wait until it is known what was meant by what is in the form. */
  const settled = () => Promise.all(Object.values(chips).map((each) => each.settled()));

  return { settled, read, remember, recall, relaxing };
}

/** Find tracks and artists by what somebody has typed so far. */
async function named(text) {
  if (text.length < 2) return [];
  const { hits } = await api("GET", query("/search/suggest", { text, count: 10 }));
  return hits.filter((hit) => hit.kind !== "album").map((hit) => ({ value: hit.id, label: hit.kind === "artist" ? `${hit.name} (${t("kind.artist")})` : [hit.name, hit.artist].filter(Boolean).join(" – ") }));
}
