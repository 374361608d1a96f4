// The map as somebody handles it: moved, zoomed, looked at, chosen from, with a pointer, with fingers or with keys.

import { draw } from "./map-draw.js";
import { gridOf, inside, nearest, within } from "./map-grid.js";
import { onPaint } from "./paint.js";

const WHOLE = 65536;
const MOST = 60;
const REACH = 12;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Where the plane lies on the canvas: as wide as fits, `zoom` times enlarged around a middle. */
function viewOf(canvas) {
  return {
    zoom: 1, middle: [WHOLE / 2, WHOLE / 2],
    get step() { return ((Math.min(canvas.clientWidth, canvas.clientHeight) - 24) / WHOLE) * this.zoom; },
    /** Where places lie as things are now: the page is asked for sizes once, not for each point. */
    plane() {
      const { step } = this;
      const [left, top] = [canvas.clientWidth / 2 - this.middle[0] * step, canvas.clientHeight / 2 - this.middle[1] * step];
      return { step, left, top, x: (at) => left + at * step, y: (at) => top + at * step };
    },
    back(x, y) { return [this.middle[0] + (x - canvas.clientWidth / 2) / this.step, this.middle[1] + (y - canvas.clientHeight / 2) / this.step]; },
    move(x, y) { this.middle = [this.middle[0] - x / this.step, this.middle[1] - y / this.step].map((each) => Math.max(0, Math.min(WHOLE, each))); },
    /** Zoom so that what is under a place stays there. */
    enlarge(factor, x = canvas.clientWidth / 2, y = canvas.clientHeight / 2) {
      const [before, under] = [this.back(x, y), Math.max(1, Math.min(MOST, this.zoom * factor))];
      this.zoom = under;
      const after = this.back(x, y);
      this.middle = this.middle.map((each, axis) => each + before[axis] - after[axis]);
    },
  };
}

/**
 * Make a canvas live. `map` is the API's; `on.hover(i, x, y)` hears of the point under the pointer, `on.choose(points, more)`
 * of points that were chosen, `on.rectangle(n)` of how many are in the rectangle.
 */
export function handled(canvas, map, on) {
  const [x, y] = [Uint16Array.from(map.x), Uint16Array.from(map.y)];
  const grid = gridOf(x, y);
  const view = viewOf(canvas);
  const none = () => new Uint8Array(x.length);
  const look = { x, y, names: map.names, regions: map.regions, codes: none(), groups: [], dim: none(), chosen: none(), line: [], box: null };
  const pointers = new Map();
  let [lasso, moved, asked] = [false, 0, 0];

  const redraw = () => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(() => canvas.isConnected && look.groups.length && draw(canvas, look, view));
  };
  const at = (event) => {
    const { left, top } = canvas.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, at(event));
    moved = 0;
    look.line = pointers.size === 1 && (lasso || event.shiftKey) ? [view.back(...at(event))] : [];
  });
  canvas.addEventListener("pointermove", (event) => {
    const place = at(event);
    const before = pointers.get(event.pointerId);
    if (!before) return on.hover(nearest(grid, ...view.back(...place), REACH / view.step), ...place);
    moved += Math.hypot(place[0] - before[0], place[1] - before[1]);
    if (look.line.length) look.line.push(view.back(...place));
    else if (pointers.size === 1) view.move(place[0] - before[0], place[1] - before[1]);
    else pinch(event.pointerId, before, place);
    pointers.set(event.pointerId, place);
    on.hover(-1);
    redraw();
  });
  const lift = (event) => {
    if (!pointers.delete(event.pointerId)) return;
    const line = look.line;
    look.line = [];
    if (event.type === "pointercancel") return redraw();
    if (moved < 5) {
      const i = nearest(grid, ...view.back(...at(event)), REACH / view.step);
      if (i >= 0) on.choose([i], true);
    } else if (line.length > 2) on.choose(inside(grid, line), false);
    redraw();
  };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  canvas.addEventListener("pointerleave", () => on.hover(-1));
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    view.enlarge(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0018)), ...at(event));
    redraw();
  }, { passive: false });

  function pinch(id, before, place) {
    const other = [...pointers].find(([each]) => each !== id)[1];
    const far = (one) => Math.hypot(one[0] - other[0], one[1] - other[1]);
    view.enlarge(far(place) / Math.max(far(before), 1), (place[0] + other[0]) / 2, (place[1] + other[1]) / 2);
  }

  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = { "+": () => view.enlarge(1.4), "=": () => view.enlarge(1.4), "-": () => view.enlarge(1 / 1.4), 0: whole, Escape: endBox, Enter: takeBox, " ": takeBox }[event.key];
    const arrow = ARROWS[event.key];
    if (!arrow && !act) return;
    event.preventDefault();
    if (act) act();
    else if (look.box) moveBox(arrow, event.shiftKey);
    else view.move(-40 * arrow[0], -40 * arrow[1]);
    redraw();
  });

  function whole() { [view.zoom, view.middle] = [1, [WHOLE / 2, WHOLE / 2]]; }
  function inBox() {
    const found = [];
    within(grid, ...look.box, (i) => found.push(i));
    return found.sort((one, other) => one - other);
  }
  function beginBox() {
    const [wide, high] = [canvas.clientWidth, canvas.clientHeight];
    look.box = [...view.back(wide * 0.35, high * 0.35), ...view.back(wide * 0.65, high * 0.65)];
    on.rectangle(inBox().length);
  }
  function endBox() { look.box = null; on.rectangle(null); }
  function takeBox() {
    if (!look.box) return;
    const found = inBox();
    endBox();
    on.choose(found, false);
  }
  /** Move the rectangle, or with Shift its lower right corner. */
  function moveBox([right, down], corner) {
    const step = 20 / view.step;
    look.box[2] += right * step;
    look.box[3] += down * step;
    if (!corner) [look.box[0], look.box[1]] = [look.box[0] + right * step, look.box[1] + down * step];
    look.box[2] = Math.max(look.box[2], look.box[0] + step);
    look.box[3] = Math.max(look.box[3], look.box[1] + step);
    on.rectangle(inBox().length);
  }

  const sized = new ResizeObserver(redraw);
  sized.observe(canvas);
  onPaint(redraw);
  return {
    look, view, redraw,
    zoom: (factor) => (view.enlarge(factor), redraw()),
    whole: () => (whole(), redraw()),
    lasso: (is) => (lasso = is),
    rectangle: () => (look.box ? endBox() : beginBox(), canvas.focus(), redraw()),
    /** Go where some points are. */
    go(points) {
      if (!points.length) return;
      const [xs, ys] = [points.map((i) => x[i]), points.map((i) => y[i])];
      // 100,000 are too many for the arguments of one call.
      const [low, high] = [(all) => all.reduce((one, other) => Math.min(one, other)), (all) => all.reduce((one, other) => Math.max(one, other))];
      const [left, right, top, bottom] = [low(xs), high(xs), low(ys), high(ys)];
      view.zoom = Math.max(1, Math.min(MOST / 4, (WHOLE * 0.7) / Math.max(right - left, bottom - top, 1)));
      view.middle = [(left + right) / 2, (top + bottom) / 2];
      redraw();
    },
  };
}
