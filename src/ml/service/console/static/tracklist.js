// The tracks of a list, which can be moved, locked, replaced and removed, by mouse, finger or keys.

import { el, one } from "./dom.js";
import { toTrack } from "./links.js";
import { minutes, number, percent, t } from "./texts.js";

/** Draw the tracks. `acts` has move(from, to), lock(id), replace(track), remove(track), and the set `locked`. */
export function tracklist(tracks, acts) {
  const list = el("ol", { class: "picks studio-list" }, tracks.map((track, place) => row(track, place, tracks, acts)));
  list.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest(".handle");
    if (handle) drag(event, handle, list, acts.move);
  });
  return list;
}

function row(track, place, tracks, acts) {
  const title = track.title;
  const facts = [track.duration_s > 0 && minutes(track.duration_s), track.tempo_bpm && `${number(track.tempo_bpm)} BPM`, track.camelot, track.energy !== null && `${t("playlists.got")} ${percent(track.energy)}`];
  const act = (name, label, press, more = {}) => el("button", { type: "button", class: "quiet", id: `${name}-${track.track_id}`, onclick: press, ...more, aria: { label: `${label}: ${title}`, ...more.aria } }, label);
  const move = t("playlists.move", { title, n: place + 1, all: tracks.length });
  return el("li", { class: "pick", data: { item: track.track_id } },
    el("button", { type: "button", class: "handle", id: `move-${track.track_id}`, title: move, aria: { label: move }, onkeydown: (event) => step(event, place, tracks, acts.move) }, el("span", { "aria-hidden": "true" }, "⠿"), el("span", { class: "rank", "aria-hidden": "true" }, place + 1)),
    el("div", { class: "what" },
      el("h3", {}, toTrack(track.track_id, title)),
      el("p", { class: "by" }, [track.artist, ...facts].filter(Boolean).join(" · ")),
      el("p", { class: "soft" }, track.why),
      el("p", { class: "soft" }, track.why_here)),
    el("div", { class: "acts" },
      act("lock", t("playlists.lock"), () => acts.lock(track.track_id), { class: "quiet lock", "aria-pressed": String(acts.locked.has(track.track_id)) }),
      act("replace", t("playlists.replace"), () => acts.replace(track)),
      act("remove", t("playlists.remove"), () => acts.remove(track))));
}

function step(event, place, tracks, move) {
  const to = { ArrowUp: place - 1, ArrowDown: place + 1, Home: 0, End: tracks.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  if (to >= 0 && to < tracks.length && to !== place) move(place, to);
}

/** Have a row follow the pointer; where it is let go is its place. */
function drag(begun, handle, list, move) {
  begun.preventDefault();
  handle.focus();
  const rows = [...list.children];
  const row = handle.closest(".pick");
  const from = rows.indexOf(row);
  const ended = new AbortController();
  const signal = { signal: ended.signal };
  const end = (moved) => {
    ended.abort();
    row.classList.remove("dragged");
    const to = [...list.children].indexOf(row);
    if (moved && to !== from) move(from, to);
    else list.replaceChildren(...rows);
  };
  handle.setPointerCapture(begun.pointerId);
  row.classList.add("dragged");
  handle.addEventListener("pointermove", (event) => {
    const middle = (each) => each.getBoundingClientRect().top + each.offsetHeight / 2;
    const before = [...list.children].find((each) => each !== row && event.clientY < middle(each)) ?? null;
    if (row.nextElementSibling !== before) list.insertBefore(row, before);
    scrollWhere(event.clientY);
  }, signal);
  handle.addEventListener("pointerup", () => end(true), signal);
  handle.addEventListener("pointercancel", () => end(false), signal);
  // What is moved in the page loses the pointer: it comes back to the handle.
  handle.addEventListener("lostpointercapture", (event) => event.buttons && handle.setPointerCapture(event.pointerId), signal);
}

function scrollWhere(y) {
  if (y < 60) scrollBy(0, -12);
  else if (y > innerHeight - 60) scrollBy(0, 12);
}

/** Mark the two tracks that are heard; none where `place` is undefined. */
export function marked(place) {
  for (const [each, item] of [...one("list").querySelectorAll(".pick")].entries()) item.classList.toggle("heard", each === place || each === place + 1);
}
