// One box for words, sounds and pictures.

import { api, query, who } from "./api.js";
import { el, one } from "./dom.js";
import { toTrack } from "./links.js";
import { recording } from "./sound.js";
import { fill, nothing, told, tried } from "./states.js";
import { badge } from "./table.js";
import { number, t, tongue } from "./texts.js";

const me = await who();
const found = one("found");
const say = (words) => (one("said").textContent = words);

/** Mark the stretches of a text that hold what was looked for. */
function marked(text, stretches = []) {
  const parts = [];
  let at = 0;
  for (const [start, end] of stretches) {
    parts.push(text.slice(at, start), el("mark", {}, text.slice(start, end)));
    at = end;
  }
  return [...parts, text.slice(at)];
}

async function like(hit) {
  const { event_id: event } = await api("POST", "/feedback", { item_id: hit.id, event: "like" });
  const undo = async () => (await api("DELETE", `/events/${event}`), told(t("listener.undone", { title: hit.name })));
  told(t("listener.liked", { title: hit.name }), () => tried(undo));
}

function similar(hit, place) {
  return fill(place, () => api("GET", query("/similar", { item_id: hit.id, count: 5 })), ({ items }) =>
    items.length ? el("ul", { class: "inline" }, items.map((each) => el("li", {}, each.kind === "track" ? toTrack(each.item_id, each.title) : each.title, each.artist && ` – ${each.artist}`))) : el("p", {}, t("search.no_similar")));
}

function card(hit) {
  const about = [hit.artist && marked(hit.artist, hit.highlights?.artist), hit.album && marked(hit.album, hit.highlights?.album), hit.year, hit.tempo_bpm && `${number(hit.tempo_bpm)} BPM`, hit.camelot, ...(hit.genres ?? [])].filter(Boolean);
  const place = el("div", { class: "more" });
  const playable = hit.kind !== "album";
  return el("li", { class: "pick", data: { item: hit.id } },
    el("div", { class: "what" },
      el("h3", {}, hit.kind === "track" ? toTrack(hit.id, marked(hit.name, hit.highlights?.name)) : marked(hit.name, hit.highlights?.name), " ", badge(t(`kind.${hit.kind}`))),
      el("p", { class: "by" }, about.flatMap((each, i) => (i ? [" · ", each] : [each]))),
      hit.why && el("p", { class: "soft" }, hit.why),
      place),
    el("div", { class: "acts" },
      playable && el("button", { type: "button", class: "quiet", onclick: () => similar(hit, place), aria: { label: `${t("search.similar")}: ${hit.name}` } }, t("search.similar")),
      playable && me.role === "listener" && el("button", { type: "button", class: "quiet", onclick: () => tried(() => like(hit)), aria: { label: `${t("listener.like")}: ${hit.name}` } }, t("listener.like"))));
}

function understood(parse) {
  const slots = parse?.slots ?? [];
  if (!slots.length) return null;
  return el("p", { class: "slots" }, t("search.understood"), " ", slots.map((each) => [badge(`${each.wanted ? "" : t("search.not")}${each.word || each.value}`), " "]));
}

function results(answer) {
  const total = answer.total ?? answer.hits.length;
  say(answer.known === false ? t("search.nearest") : t("search.counted", { n: number(total) }));
  const meant = answer.did_you_mean;
  const instead = meant && el("p", {}, t("search.meant"), " ", el("button", { type: "button", class: "link", onclick: () => words(meant.text) }, meant.text));
  const notices = (answer.notices ?? []).map((each) => el("p", { class: "note" }, each));
  const hits = answer.hits.length ? el("ol", { class: "picks" }, answer.hits.map(card)) : nothing(t("search.none"), t("search.none_words"));
  return [understood(answer.parse), instead, hits, notices];
}

/** Look for something; "meanwhile" is said until there is an answer, or none. */
function look(ask, meanwhile = "") {
  say(meanwhile);
  const asked = () => ask().catch((problem) => {
    say(""); // nothing is on its way any more
    throw problem;
  });
  return fill(found, asked, results);
}

function words(text) {
  one("text").value = text;
  history.replaceState(null, "", query(location.pathname, { q: text }));
  return look(() => api("POST", "/search", { text, count: 20, language: tongue }));
}

function file(sent) {
  const form = new FormData();
  form.append("file", sent);
  const image = sent.type.startsWith("image/");
  const path = image ? "/search/image" : query("/search/audio", { how: one("how").value, language: tongue });
  return look(() => api("POST", path, form), t("search.sending", { name: sent.name }));
}

one("search").addEventListener("submit", (event) => {
  event.preventDefault();
  words(one("text").value.trim());
});
one("file").addEventListener("change", ({ target }) => target.files.length && file(target.files[0]));

const zone = document.documentElement;
for (const name of ["dragover", "dragleave", "drop"]) {
  zone.addEventListener(name, (event) => {
    event.preventDefault();
    one("drop").classList.toggle("over", name === "dragover");
    if (name === "drop" && event.dataTransfer.files.length) file(event.dataTransfer.files[0]);
  });
}

let running;
one("record").addEventListener("click", async () => {
  if (running) return running.stop();
  try {
    running = await recording();
  } catch {
    return told(t("search.no_microphone"));
  }
  const button = one("record");
  button.setAttribute("aria-pressed", "true");
  button.textContent = t("search.stop");
  say(t("search.listening"));
  const heard = await running.file;
  running = undefined;
  button.setAttribute("aria-pressed", "false");
  button.textContent = t("search.record");
  file(heard);
});

const asked = new URLSearchParams(location.search).get("q");
if (asked) words(asked);
else found.replaceChildren(nothing(t("search.begin"), t("search.begin_words")));
