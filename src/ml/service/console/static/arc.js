// How energy is to go along a list: a line drawn with mouse, finger or pen, whose points arrow keys move too.

import { el } from "./dom.js";
import { percent, t } from "./texts.js";

const POINTS = 9;
const HEIGHT = 190;
const EDGE = 16;
const NONE = "none";
const DRAWN = "drawn";

/** Make an element of a drawing. */
function shape(name, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const within = (value) => Math.min(1, Math.max(0, value));

/** Put the arc into a box. Shapes are energies at nine places, by name. Gives how its value is read and set. */
export function arcIn(box, shapes, known) {
  const names = [NONE, ...Object.keys(shapes), DRAWN];
  let kind = NONE;
  let points = Array(POINTS).fill(0.5);
  let last; // the point that was drawn last, while a line is drawn
  const line = shape("polyline", { class: "arc-line" });
  const area = shape("polygon", { class: "arc-area" });
  const knobs = points.map((_, place) => knob(place));
  const surface = shape("svg", { class: "arc-surface", height: HEIGHT, role: "group", "aria-label": t("playlists.arc") }, area, line, ...knobs);
  const choice = el("select", { name: "arc_shape", onchange: () => choose(choice.value) }, names.map((name) => el("option", { value: name }, t(`arc.${name}`))));
  const reset = el("button", { type: "button", class: "quiet", onclick: () => choose(NONE) }, t("playlists.arc_reset"));

  function knob(place) {
    const label = t("playlists.arc_point", { n: place + 1, all: POINTS });
    const made = shape("circle", { r: 8, role: "slider", tabindex: place ? -1 : 0, "aria-label": label, "aria-orientation": "vertical", "aria-valuemin": 0, "aria-valuemax": 100 });
    made.addEventListener("keydown", (event) => pressed(event, place));
    return made;
  }

  const width = () => surface.clientWidth || 400;
  const x = (place) => EDGE + (place / (POINTS - 1)) * (width() - 2 * EDGE);
  const y = (value) => HEIGHT - EDGE - value * (HEIGHT - 2 * EDGE);

  function draw() {
    const corners = points.map((value, place) => `${x(place)},${y(value)}`).join(" ");
    line.setAttribute("points", corners);
    area.setAttribute("points", `${x(0)},${HEIGHT - EDGE} ${corners} ${x(POINTS - 1)},${HEIGHT - EDGE}`);
    surface.classList.toggle("unset", kind === NONE);
    choice.value = kind;
    reset.disabled = kind === NONE;
    knobs.forEach((each, place) => {
      each.setAttribute("cx", x(place));
      each.setAttribute("cy", y(points[place]));
      each.setAttribute("aria-valuenow", Math.round(points[place] * 100));
      each.setAttribute("aria-valuetext", percent(points[place]));
    });
  }

  function choose(name) {
    kind = name;
    if (name === NONE) points = Array(POINTS).fill(0.5);
    else if (shapes[name]) points = [...shapes[name]];
    draw();
  }

  function put(place, value) {
    points[place] = Math.round(within(value) * 100) / 100;
    kind = DRAWN;
  }

  function focus(place) {
    const there = Math.min(POINTS - 1, Math.max(0, place));
    knobs.forEach((each, one) => each.setAttribute("tabindex", one === there ? 0 : -1));
    knobs[there].focus();
  }

  function pressed(event, place) {
    const steps = { ArrowUp: 0.05, ArrowDown: -0.05, PageUp: 0.2, PageDown: -0.2, Home: -1, End: 1 };
    const along = { ArrowLeft: -1, ArrowRight: 1 };
    if (event.key in along) focus(place + along[event.key]);
    else if (event.key in steps) (put(place, points[place] + steps[event.key]), draw());
    else return;
    event.preventDefault();
  }

  /** Draw to where the pointer is, and what lies between here and where it was last. */
  function follow(event) {
    const there = surface.getBoundingClientRect();
    const at = within((event.clientX - there.left - EDGE) / (there.width - 2 * EDGE)) * (POINTS - 1);
    const value = within((HEIGHT - EDGE - (event.clientY - there.top)) / (HEIGHT - 2 * EDGE));
    const before = last ?? { at, value };
    const [low, high] = [Math.min(before.at, at), Math.max(before.at, at)];
    put(Math.round(at), value);
    for (let place = Math.ceil(low); place <= high && low < high; place += 1) {
      put(place, before.value + ((place - before.at) / (at - before.at)) * (value - before.value));
    }
    last = { at, value };
    draw();
  }

  surface.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    surface.setPointerCapture(event.pointerId);
    last = undefined;
    follow(event);
  });
  surface.addEventListener("pointermove", (event) => event.buttons && surface.hasPointerCapture(event.pointerId) && follow(event));
  new ResizeObserver(draw).observe(surface);

  box.replaceChildren(
    el("div", { class: "head" }, el("h2", {}, t("playlists.arc")), el("div", { class: "row" }, el("label", { class: "inline-label" }, t("playlists.arc_shape"), " ", choice), reset)),
    el("p", { class: "soft small" }, known ? t("playlists.arc_lead") : t("playlists.arc_unknown")),
    el("div", { class: "ends" }, el("span", {}, t("playlists.full"))),
    surface,
    el("div", { class: "ends" }, el("span", {}, t("playlists.calm"))),
    el("div", { class: "ends below" }, el("span", {}, t("playlists.beginning")), el("span", {}, t("playlists.end"))),
  );
  draw();
  return {
    /** What the API is sent: nothing, a name, or numbers. */
    value: () => (kind === NONE ? undefined : kind === DRAWN ? [...points] : kind),
    set(value) {
      if (!Array.isArray(value)) return choose(names.includes(value) ? value : NONE);
      kind = DRAWN;
      points = Array.from({ length: POINTS }, (_, place) => {
        const at = (place * (value.length - 1)) / (POINTS - 1);
        const [before, after] = [value[Math.floor(at)], value[Math.ceil(at)]];
        return within(Math.round((before + (at % 1) * (after - before)) * 100) / 100);
      });
      draw();
    },
  };
}
