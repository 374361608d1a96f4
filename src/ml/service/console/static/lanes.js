// The pictures of a sound, one below the other on one axis of time: sections, waveform, beats, chords, spectrogram.

import { el } from "./dom.js";
import { onPaint, paint } from "./paint.js";
import { number, t } from "./texts.js";
import { clock, stepOf } from "./timeline.js";

const SVG = "http://www.w3.org/2000/svg";
const COLOURS = ["accent", "above", "unclear", "below", "baseline"];
const MARKED_HZ = [500, 1000, 3000, 8000];

function svg(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  made.append(...children.flat(Infinity).filter(Boolean));
  return made;
}

/** Write a chord as musicians do: C:maj is C, A:min is Am; N, where nothing is one, is a dash. */
export function chordName(chord) {
  if (chord === "N") return "–";
  const [root, kind = ""] = chord.split(":");
  const sign = root.replace("b", "♭").replace("#", "♯");
  return sign + kind.replace(/^maj$/, "").replace(/^min/, "m");
}

/** The stretch in which a moment lies. */
export const spanAt = (spans, at) => spans.find((each) => each.start_s <= at && at < each.end_s);

/** Which bar and beat a moment is in: [bar, beat], counted from 1; none before the first downbeat. */
export function countAt({ beats, downbeats }, at) {
  const bar = (downbeats ?? []).filter((each) => each <= at + 1e-3).length;
  if (!bar) return null;
  return [bar, beats.filter((each) => each >= downbeats[bar - 1] - 1e-3 && each <= at + 1e-3).length];
}

/** A lane of lines and words, drawn anew whenever another part is seen. */
function drawn(timeline, name, height, content) {
  const lane = svg("svg", { class: `lane ${name}`, height, "aria-hidden": "true" });
  timeline.watchers.push(() => lane.replaceChildren(...content().flat(Infinity).filter(Boolean)));
  return lane;
}

const seen = (timeline, spans) => spans.filter((each) => each.end_s > timeline.from && each.start_s < timeline.to);

function ruler(timeline) {
  return drawn(timeline, "ruler", 20, () => {
    const step = stepOf(timeline.span, timeline.width);
    const marks = [];
    for (let n = Math.ceil(timeline.from / step); n * step <= timeline.to; n += 1) {
      const x = timeline.x(n * step);
      marks.push(svg("line", { x1: x, x2: x, y1: 14, y2: 20 }));
      if (x < timeline.width - 36) marks.push(svg("text", { x: x + 4, y: 14 }, clock(n * step, step < 1 ? 1 : 0)));
    }
    return marks;
  });
}

function sections(timeline, spans) {
  const letters = [...new Set(spans.map((each) => each.label))];
  return drawn(timeline, "sections", 28, () =>
    seen(timeline, spans).map((each) => {
      const [left, right] = [timeline.x(each.start_s), timeline.x(each.end_s)];
      const colour = COLOURS[letters.indexOf(each.label) % COLOURS.length];
      return svg("g", { class: `band ${colour}`, "data-section": each.label, "data-at": each.start_s },
        svg("rect", { x: left + 0.5, y: 2, width: Math.max(1, right - left - 1), height: 24, rx: 4 }),
        right - left > 14 && svg("text", { x: Math.max(left, 0) + 8, y: 19 }, each.label));
    }));
}

function beats(timeline, { beats: all, downbeats }) {
  const bars = new Map((downbeats ?? []).map((each, place) => [each.toFixed(3), place + 1]));
  return drawn(timeline, "beats", 24, () => {
    const some = (all ?? []).filter((each) => each >= timeline.from && each <= timeline.to);
    const room = timeline.width / Math.max(1, some.length);
    const every = [1, 2, 4, 8, 16, 32, 64].find((each) => room * 4 * each > 34) ?? 128;
    return some.map((at) => {
      const x = timeline.x(at);
      const bar = bars.get(at.toFixed(3));
      const strong = bar !== undefined;
      if (!strong && room < 4) return null;
      const told = bar && (bar - 1) % every === 0;
      return [
        svg("line", { x1: x, x2: x, y1: 0, y2: told ? 24 : strong ? 12 : 6, class: strong ? "downbeat" : "beat", "data-at": at }),
        told && x < timeline.width - 20 && svg("text", { x: x + 3, y: 22 }, bar),
      ];
    });
  });
}

function chords(timeline, spans) {
  return drawn(timeline, "chords", 30, () =>
    seen(timeline, spans).map((each) => {
      const [left, right] = [Math.max(0, timeline.x(each.start_s)), Math.min(timeline.width, timeline.x(each.end_s))];
      const name = chordName(each.chord);
      return svg("g", { class: each.chord === "N" ? "chord none" : "chord", "data-chord": each.chord, "data-at": each.start_s },
        svg("rect", { x: left + 0.5, y: 2, width: Math.max(0.5, right - left - 1), height: 26, rx: 3 }),
        right - left > 8 * name.length + 6 && svg("text", { x: left + 5, y: 20 }, name));
    }));
}

/** A lane of pixels. */
function painted(timeline, name, height, draw) {
  const canvas = el("canvas", { class: `lane ${name}`, "aria-hidden": "true" });
  const again = () => {
    const dense = window.devicePixelRatio || 1;
    canvas.width = Math.max(1, Math.round(timeline.width * dense));
    canvas.height = Math.round(height * dense);
    canvas.style.height = `${height}px`;
    draw(canvas.getContext("2d"), canvas.width, canvas.height);
  };
  timeline.watchers.push(again);
  onPaint(again);
  return { canvas, again };
}

function waveform(timeline, { column_s: columnS, low, high }) {
  const most = Math.max(0.05, ...high, ...low.map((each) => -each));
  return painted(timeline, "wave", 112, (pen, width, height) => {
    pen.fillStyle = paint("accent");
    const each = (timeline.span / width) / columnS;
    for (let x = 0; x < width; x += 1) {
      const begin = Math.floor(timeline.from / columnS + x * each);
      const end = Math.max(begin + 1, Math.floor(timeline.from / columnS + (x + 1) * each));
      let [least, greatest] = [Infinity, -Infinity];
      for (let n = begin; n < Math.min(end, low.length); n += 1) {
        least = Math.min(least, low[n]);
        greatest = Math.max(greatest, high[n]);
      }
      if (least > greatest) continue;
      const top = (0.5 - (0.47 * greatest) / most) * height;
      pen.fillRect(x, top, 1, Math.max(1, (0.47 * (greatest - least) * height) / most));
    }
  }).canvas;
}

/** Colours from the page's ground to its ink, by how loud; most of music is in the upper half, which is spread. */
function ramp() {
  const stops = ["sunk", "accent", "ink"].map((name) => paint(name).match(/[\d.]+/g).slice(0, 3).map(Number));
  return Array.from({ length: 256 }, (_, level) => {
    const place = 2 * (level / 255) ** 1.8;
    const [from, to] = place < 1 ? [stops[0], stops[1]] : [stops[1], stops[2]];
    return from.map((value, n) => Math.round(value + (to[n] - value) * (place < 1 ? place : place - 1)));
  });
}

async function levelsOf(answer) {
  if (!answer.ok) throw new Error(answer.statusText);
  const image = await createImageBitmap(await answer.blob());
  const canvas = new OffscreenCanvas(image.width, image.height);
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(image, 0, 0);
  return { canvas, pen, grey: pen.getImageData(0, 0, image.width, image.height) };
}

function colour({ pen, grey }) {
  const colours = ramp();
  const coloured = pen.createImageData(grey.width, grey.height);
  for (let n = 0; n < grey.data.length; n += 4) coloured.data.set([...colours[grey.data[n]], 255], n);
  pen.putImageData(coloured, 0, 0);
}

function spectrogram(timeline, bands, fetched) {
  let found;
  const lane = painted(timeline, "spectrum", 150, (pen, width, height) => {
    if (!found) return;
    const [begin, wide] = [timeline.from / bands.column_s, timeline.span / bands.column_s];
    pen.drawImage(found.canvas, begin, 0, wide, found.canvas.height, 0, 0, width, height);
  });
  onPaint(() => found && (colour(found), lane.again()));
  const box = el("div", { class: "spectrum-box" }, lane.canvas);
  fetched.then(levelsOf).then((levels) => {
    found = levels;
    colour(found);
    lane.again();
    box.append(...marks(bands));
  }).catch(() => box.replaceChildren(el("p", { class: "soft small undrawn" }, t("track.undrawn"))));
  return box;
}

/** Where on the side of the spectrogram frequencies lie. */
function marks(bands) {
  return MARKED_HZ.map((hz) => {
    const place = bands.bands_hz.findIndex((each) => each >= hz);
    const mark = el("span", { class: "hz", "aria-hidden": "true" }, hz < 1000 ? `${number(hz)} Hz` : `${number(hz / 1000)} kHz`);
    mark.style.bottom = `${(100 * place) / bands.bands_hz.length}%`;
    return mark;
  });
}

/** A loudspeaker. */
export const speaker = () => svg("svg", { width: 18, height: 18, viewBox: "0 0 18 18", "aria-hidden": "true", class: "icon" },
  svg("path", { d: "M2 7v4h3l4 3V4L5 7z", fill: "currentcolor" }),
  svg("path", { d: "M11.5 6.5a3.5 3.5 0 0 1 0 5M13.6 4.4a6.5 6.5 0 0 1 0 9.2", fill: "none", stroke: "currentcolor", "stroke-width": 1.5, "stroke-linecap": "round" }));

/** All lanes, each under its name; `fetched` is the answer with the spectrogram. */
export function lanes(timeline, found, fetched) {
  const named = (name, lane) => [el("p", { class: "lane-name", "aria-hidden": "true" }, name), lane];
  return [
    ruler(timeline),
    found.sections.length > 0 && named(t("track.sections"), sections(timeline, found.sections)),
    named(t("track.waveform"), waveform(timeline, found.waveform)),
    found.beats?.length > 0 && named(t("track.beats"), beats(timeline, found)),
    found.chords.length > 0 && named(t("track.chords"), chords(timeline, found.chords)),
    found.spectrogram && named(t("track.spectrogram"), spectrogram(timeline, found.spectrogram, fetched)),
  ];
}
