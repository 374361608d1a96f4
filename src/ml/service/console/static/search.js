// One box for words, sounds and pictures.

import { api, query, who } from "./api.js";
import { el, one } from "./dom.js";
import { toTrack } from "./links.js";
import { recording } from "./sound.js";
import { fill, noted, nothing, told, tried } from "./states.js";
import { badge } from "./table.js";
import { number, t, tongue } from "./texts.js";

const me = await who();
const found = one("found");
const PAGE = 20;
/** The address that is shown, and the sound that was sent last, if that is what is answered. */
let where = location.search;
let sound;
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

/** A way to what comes after, where that is not all. */
function further(list, total, next) {
  const press = () =>
    tried(async () => {
      const shown = list.children.length;
      const { hits } = await next(shown);
      list.append(...hits.map(card));
      list.children[shown]?.querySelector("a, button")?.focus();
      if (!hits.length || list.children.length >= total) button.remove();
    });
  const button = el("button", { type: "button", id: "further", onclick: press }, t("search.further"));
  return button;
}

function results(answer, next) {
  const total = answer.total ?? answer.hits.length;
  say(answer.known === false ? t("search.nearest") : t("search.counted", { n: number(total) }));
  const meant = answer.did_you_mean;
  const instead = meant && el("p", {}, t("search.meant"), " ", el("button", { type: "button", class: "link", onclick: () => words(meant.text) }, meant.text));
  const notices = noted(answer);
  const hits = answer.hits.length ? el("ol", { class: "picks" }, answer.hits.map(card)) : nothing(t("search.none"), t("search.none_words"));
  const more = next && total > answer.hits.length && further(hits, total, next);
  return [understood(answer.parse), instead, hits, more, notices];
}

/** Look for something; "meanwhile" is said until there is an answer, or none. */
function look(ask, draw, meanwhile = "") {
  say(meanwhile);
  const asked = () => ask().catch((problem) => {
    say(""); // nothing is on its way any more
    throw problem;
  });
  return fill(found, asked, draw);
}

/** Look for words; what was looked for is a place that one comes back to. */
function words(text) {
  const address = query(location.pathname, { q: text });
  if (address !== location.pathname + location.search) history.pushState(null, "", address);
  return answer(text);
}

function answer(text) {
  one("text").value = text;
  where = location.search;
  sound = undefined;
  const page = (offset) => api("POST", "/search", { text, count: PAGE, offset, language: tongue });
  return look(() => page(0), (first) => results(first, page));
}

function begin() {
  const asked = new URLSearchParams(location.search).get("q");
  if (asked) return answer(asked);
  one("text").value = "";
  where = location.search;
  say("");
  return fill(found, () => null, () => nothing(t("search.begin"), t("search.begin_words")));
}

function file(sent) {
  sound = sent.type.startsWith("image/") ? undefined : sent;
  const form = new FormData();
  form.append("file", sent);
  const image = sent.type.startsWith("image/");
  const path = image ? "/search/image" : query("/search/audio", { how: one("how").value, language: tongue });
  return look(() => api("POST", path, form), (found) => results(found), t("search.sending", { name: sent.name }));
}

one("search").addEventListener("submit", (event) => {
  event.preventDefault();
  words(one("text").value.trim());
});
one("file").addEventListener("change", ({ target }) => {
  if (target.files.length) file(target.files[0]);
  target.value = ""; // so that the same one can be chosen again
});
one("how").addEventListener("change", () => sound && file(sound));
// Not where only the place in the page is another.
window.addEventListener("popstate", () => location.search !== where && begin());

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

begin();
