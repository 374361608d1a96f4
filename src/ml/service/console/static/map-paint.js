// What points are told apart by: groups with a colour, a shape and a name each. Colour is never alone.

import { paint } from "./paint.js";
import { number, t } from "./texts.js";

const SHAPES = 5;
const BINS = 6;

/** Read colours of the page as they are now; as text, and as the bytes of a picture. */
export function paints(names) {
  return names.map((name) => {
    const css = paint(name);
    const [red, green, blue] = css.match(/[\d.]+/g).map(Number);
    return { css, word: ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0 };
  });
}

function named(codes, names, coloured) {
  const counts = new Array(names.length).fill(0);
  for (const code of codes) counts[code] += 1;
  const groups = names.map((name, place) => ({ name, paint: coloured(place), shape: place % SHAPES, count: counts[place] }));
  return { codes, groups };
}

function genres({ genres: codes, genre_names: names }) {
  const last = names.length;
  const own = Int16Array.from(codes, (code) => (code < 0 ? last : code));
  const said = names.map((name) => (name === "other" ? t("map.other") : name));
  return named(own, [...said, t("map.unknown")], (place) => (place === last ? "edge" : `m${place}`));
}

/** Put numbers into stretches that hold about equally many; 0 is unknown. */
function stretches(values, unit) {
  const known = values.filter(Boolean).sort((one, other) => one - other);
  const ends = [];
  for (let bin = 1; bin < BINS && known.length; bin += 1) {
    const end = known[Math.floor((known.length * bin) / BINS)];
    if (end > known[0] && end !== ends.at(-1)) ends.push(end);
  }
  const starts = known.length ? [known[0], ...ends] : [];
  const until = [...ends.map((end) => end - 1), known.at(-1)];
  const plain = (value) => (unit ? number(value) : String(value)); // a year has no separators
  const names = starts.map((start, place) => `${plain(start)}–${plain(until[place])}${unit}`);
  const codes = Int16Array.from(values, (value) => (value ? ends.filter((end) => value >= end).length : starts.length));
  return named(codes, [...names, t("map.unknown")], (place) => (place === starts.length ? "edge" : `s${place}`));
}

/** Give the groups of all points by genre, year or tempo. */
export function grouped(map, by) {
  if (by === "year") return stretches(map.years, "");
  return by === "tempo" ? stretches(map.tempos_bpm, " BPM") : genres(map);
}

/** Draw the outline of a shape around a place. */
export function outline(context, shape, x, y, size) {
  context.beginPath();
  if (shape === 0) context.arc(x, y, size, 0, 7);
  else if (shape === 1) context.rect(x - size * 0.9, y - size * 0.9, size * 1.8, size * 1.8);
  else {
    const corners = { 2: [[0, -1.2], [1.1, 0.9], [-1.1, 0.9]], 3: [[0, -1.3], [1.2, 0], [0, 1.3], [-1.2, 0]], 4: [[0, 1.2], [1.1, -0.9], [-1.1, -0.9]] }[shape];
    corners.forEach(([right, down]) => context.lineTo(x + right * size, y + down * size));
    context.closePath();
  }
}
