// A player whose time runs through all pictures of a sound together.

import { el } from "./dom.js";
import { chordName, countAt, lanes, spanAt, speaker } from "./lanes.js";
import { failure } from "./states.js";
import { t } from "./texts.js";
import { clock, Timeline } from "./timeline.js";

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const STEPS_S = { ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5, PageDown: -30, PageUp: 30 };

/** Make the player of an analysis: `address` is that of the sound, null where it cannot be heard. */
export function player(found, address, fetched) {
  const timeline = new Timeline(found.duration_s);
  const audio = address ? el("audio", { src: address, preload: "metadata" }) : null;
  const parts = { cursor: el("div", { class: "cursor" }), played: el("div", { class: "played" }), trouble: el("div", {}) };
  const says = { time: el("output", { class: "time" }), chord: el("strong", { class: "now-chord" }), section: el("span", {}), count: el("span", {}) };
  const stage = el("div", { class: "stage", role: "slider", tabindex: 0, aria: { label: t("track.position"), valuemin: 0, valuemax: found.duration_s.toFixed(1) } },
    lanes(timeline, found, fetched), parts.played, parts.cursor);
  let at = 0;

  function show() {
    const x = timeline.x(at);
    const inside = x >= 0 && x <= timeline.width;
    parts.cursor.hidden = !inside;
    parts.cursor.style.transform = `translateX(${x}px)`;
    parts.played.style.width = `${Math.max(0, Math.min(timeline.width, x))}px`;
    const [chord, section, count] = [spanAt(found.chords, at), spanAt(found.sections, at), countAt(found, at)];
    says.time.textContent = `${clock(at, 1)} / ${clock(found.duration_s)}`;
    says.chord.textContent = chord ? chordName(chord.chord) : "–";
    says.section.textContent = section?.label ?? "–";
    says.count.textContent = count ? count.join(" · ") : "–";
    const said = [t("track.at", { at: clock(at), length: clock(found.duration_s) }), chord && `${t("track.chord")} ${chordName(chord.chord)}`, section && `${t("track.section")} ${section.label}`];
    stage.setAttribute("aria-valuenow", at.toFixed(1));
    stage.setAttribute("aria-valuetext", said.filter(Boolean).join(", "));
  }

  function seek(to) {
    at = Math.max(0, Math.min(found.duration_s, to));
    if (audio) audio.currentTime = at;
    timeline.follow(at);
    show();
  }

  const play = audio && playing(audio, parts.trouble, address, () => {
    at = Math.min(audio.currentTime, found.duration_s);
    timeline.follow(at);
    show();
  });
  timeline.watchers.push(show);
  pointed(stage, timeline, seek);
  keyed(stage, timeline, { seek, now: () => at, toggle: play?.toggle });
  new ResizeObserver(() => {
    timeline.width = Math.max(1, stage.clientWidth);
    timeline.changed();
  }).observe(stage);
  return { seek, element: el("div", { class: "player" }, controls(timeline, play, says, found, () => at), parts.trouble, stage, pan(timeline), audio) };
}

/** The button that plays and stops; `moved` is called while time goes by. */
function playing(audio, trouble, address, moved) {
  const button = el("button", { type: "button", class: "main play", onclick: toggle }, t("track.play"));
  function toggle() {
    if (audio.paused) audio.play().catch(() => {});
    else audio.pause();
  }
  // The browser's own reports come four times a second, which is calm enough for who wants little to move.
  const frame = () => {
    if (audio.paused) return;
    moved();
    if (!calm.matches) requestAnimationFrame(frame);
  };
  const says = () => (button.textContent = t(audio.paused ? "track.play" : "track.pause"));
  for (const name of ["play", "pause", "ended"]) audio.addEventListener(name, says);
  audio.addEventListener("playing", frame);
  for (const name of ["timeupdate", "seeked", "pause"]) audio.addEventListener(name, moved);
  audio.addEventListener("error", async () => {
    // What is wrong stands in the answer, which the element does not show.
    const answer = await fetch(address, { headers: { Range: "bytes=0-0" }, credentials: "same-origin" }).catch(() => null);
    const known = answer && !answer.ok ? await answer.json().catch(() => null) : null;
    const said = known ?? { title: t("track.unplayable"), hint: t("track.unplayable_hint") };
    trouble.replaceChildren(failure(said, () => (trouble.replaceChildren(), audio.load())));
  });
  return { button, toggle };
}

function controls(timeline, play, says, found, now) {
  const zoom = (label, factor) => el("button", { type: "button", class: "quiet", aria: { label }, title: label, onclick: () => timeline.zoom(factor, now()) }, factor < 1 ? "+" : "−");
  const volume = play && el("label", { class: "volume" }, el("span", { class: "hidden" }, t("track.volume")), speaker(), el("input", { type: "range", min: 0, max: 1, step: 0.05, value: 1, oninput: ({ target }) => (target.closest(".player").querySelector("audio").volume = target.value) }));
  const fact = (name, value) => el("span", { class: "now-fact" }, el("span", { class: "soft small" }, name), value);
  return el("div", { class: "transport" },
    play && play.button,
    says.time,
    found.chords.length > 0 && fact(t("track.chord"), says.chord),
    found.sections.length > 0 && fact(t("track.section"), says.section),
    found.downbeats?.length > 0 && fact(t("track.bar"), says.count),
    el("span", { class: "zoom row" }, volume, zoom(t("track.closer"), 0.5), zoom(t("track.farther"), 2), el("button", { type: "button", class: "quiet", onclick: () => timeline.look(0, timeline.length) }, t("track.whole"))));
}

/** Which part is seen, where it is not all. */
function pan(timeline) {
  const slider = el("input", { type: "range", class: "pan", min: 0, max: 1, step: "any", aria: { label: t("track.part") }, oninput: () => timeline.look(Number(slider.value) * (timeline.length - timeline.span)) });
  timeline.watchers.push(() => {
    slider.hidden = timeline.whole;
    slider.value = timeline.whole ? 0 : timeline.from / (timeline.length - timeline.span);
    slider.setAttribute("aria-valuetext", `${clock(timeline.from)} – ${clock(timeline.to)}`);
  });
  return slider;
}

function pointed(stage, timeline, seek) {
  const place = (event) => timeline.at(event.clientX - stage.getBoundingClientRect().left);
  stage.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    stage.setPointerCapture(event.pointerId);
    seek(place(event));
  });
  stage.addEventListener("pointermove", (event) => stage.hasPointerCapture(event.pointerId) && seek(place(event)));
  stage.addEventListener("wheel", (event) => {
    const sideways = event.shiftKey ? event.deltaY : event.deltaX;
    if (event.ctrlKey) timeline.zoom(event.deltaY > 0 ? 1.25 : 0.8, place(event));
    else if (Math.abs(sideways) > (event.shiftKey ? 0 : Math.abs(event.deltaY)) && !timeline.whole) timeline.look(timeline.from + (sideways / timeline.width) * timeline.span);
    else return; // the page is scrolled
    event.preventDefault();
  }, { passive: false });
}

function keyed(stage, timeline, { seek, now, toggle }) {
  stage.addEventListener("keydown", (event) => {
    const acts = {
      Home: () => seek(0),
      End: () => seek(timeline.length),
      "+": () => timeline.zoom(0.5, now()),
      "-": () => timeline.zoom(2, now()),
      0: () => timeline.look(0, timeline.length),
    };
    const step = STEPS_S[event.key];
    const act = step === undefined ? acts[event.key] : () => seek(now() + (event.shiftKey ? step / 5 : step));
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== " " || !toggle || !stage.isConnected || event.target.closest("button, input, select, textarea, summary, a, dialog")) return;
    event.preventDefault();
    toggle();
  });
}
