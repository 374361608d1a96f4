// Draws points, labels and what is being chosen. Many points are written into a picture, few are drawn as shapes.

import { outline, paints } from "./map-paint.js";

const MANY = 4000;
const FEW = 70;

/** Draw all of it once. `look` says what: points, groups, which are dimmed and chosen, labels; `view` where. */
export function draw(canvas, look, view) {
  const ratio = devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
  }
  const context = canvas.getContext("2d");
  const [ink, card, accent] = paints(["ink", "card", "accent"]);
  const colours = paints(look.groups.map((group) => group.paint));
  const plane = view.plane();
  const seen = visible(look, view, width, height);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  const size = Math.min(6, 1.4 + Math.sqrt(view.zoom) * 0.75);
  if (seen.length > MANY) asPicture(context, look, plane, seen, colours, ink, size * ratio, ratio);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  if (seen.length <= MANY) asShapes(context, look, plane, seen, colours, ink, size);
  labels(context, look, plane, view.zoom, seen, width, height, ink, card);
  chosing(context, look, plane, accent);
}

let places = new Int32Array(0); // kept from frame to frame

/** Give the points in sight, the least played first, so that the most played lie on top. */
function visible({ x, y }, view, width, height) {
  if (places.length < x.length) places = new Int32Array(x.length);
  let n = 0;
  const [left, top] = view.back(-8, -8);
  const [right, bottom] = view.back(width + 8, height + 8);
  for (let i = x.length - 1; i >= 0; i -= 1) {
    if (x[i] >= left && x[i] <= right && y[i] >= top && y[i] <= bottom) places[n++] = i;
  }
  return places.subarray(0, n);
}

function asPicture(context, look, plane, seen, colours, ink, size, ratio) {
  const { width, height } = context.canvas;
  const picture = context.createImageData(width, height);
  const words = new Uint32Array(picture.data.buffer);
  const side = Math.max(2, Math.round(size * 1.4));
  const { x, y, codes, dim, chosen } = look;
  const [step, right, down] = [plane.step * ratio, plane.left * ratio - side / 2, plane.top * ratio - side / 2];
  const put = (i, word) => {
    const left = Math.round(x[i] * step + right);
    const top = Math.round(y[i] * step + down);
    const [from, to, last] = [Math.max(0, left), Math.min(width, left + side), Math.min(height, top + side)];
    for (let row = Math.max(0, top); row < last; row += 1) {
      for (let place = row * width + from; place < row * width + to; place += 1) words[place] = word;
    }
  };
  const full = colours.map(({ word }) => word);
  const faint = full.map((word) => ((word & 0x00ffffff) | (0x2e << 24)) >>> 0);
  for (const i of seen) if (dim[i] && !chosen[i]) put(i, faint[codes[i]]);
  for (const i of seen) if (!dim[i] && !chosen[i]) put(i, full[codes[i]]);
  for (const i of seen) if (chosen[i]) put(i, ink.word);
  context.putImageData(picture, 0, 0);
}

function asShapes(context, look, plane, seen, colours, ink, size) {
  for (const i of seen) {
    const group = look.groups[look.codes[i]];
    context.globalAlpha = look.dim[i] && !look.chosen[i] ? 0.18 : 1;
    context.fillStyle = colours[look.codes[i]].css;
    outline(context, group.shape, plane.x(look.x[i]), plane.y(look.y[i]), look.chosen[i] ? size + 1 : size);
    context.fill();
    if (look.chosen[i]) {
      context.strokeStyle = ink.css;
      context.lineWidth = 2;
      context.stroke();
    }
  }
  context.globalAlpha = 1;
}

/** Write names without overlap: of regions of the grain that suits the zoom, and of points where few are in sight. */
function labels(context, look, plane, zoom, seen, width, height, ink, card) {
  const taken = [];
  const grain = zoom < 2 ? 0 : zoom < 6 ? 1 : 2;
  for (const region of look.regions) {
    const [at, down] = [plane.x(region.x), plane.y(region.y)];
    if (region.grain !== grain || at < 0 || at > width || down < 0 || down > height) continue;
    const strength = grain === 0 ? 14 : 13;
    write(context, region.name, at, down, `650 ${strength}px system-ui, sans-serif`, "center");
  }
  if (seen.length <= FEW) {
    for (const i of [...seen].reverse()) {
      write(context, look.names[i], plane.x(look.x[i]) + 9, plane.y(look.y[i]), "12px system-ui, sans-serif", "left");
    }
  }

  function write(pen, text, x, y, font, align) {
    pen.font = font;
    const wide = pen.measureText(text).width;
    const left = align === "center" ? Math.max(4, Math.min(width - wide - 4, x - wide / 2)) : x;
    const box = [left - 4, y - 10, left + wide + 4, y + 10];
    if (y < 8 || y > height - 8 || box[2] < 8 || box[0] > width - 8) return;
    if (align === "left" && box[2] > width) return;
    if (taken.some(([a, b, c, d]) => a < box[2] && box[0] < c && b < box[3] && box[1] < d)) return;
    taken.push(box);
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    pen.lineWidth = 4;
    pen.strokeStyle = card.css;
    pen.fillStyle = ink.css;
    pen.strokeText(text, left, y);
    pen.fillText(text, left, y);
  }
}

/** Draw the lasso that is being thrown, or the rectangle that is being moved. */
function chosing(context, { line, box }, plane, accent) {
  context.strokeStyle = accent.css;
  context.lineWidth = 2;
  context.setLineDash([6, 4]);
  if (line.length > 1) {
    context.beginPath();
    line.forEach(([x, y]) => context.lineTo(plane.x(x), plane.y(y)));
    context.closePath();
    context.stroke();
  }
  if (box) context.strokeRect(plane.x(box[0]), plane.y(box[1]), plane.x(box[2]) - plane.x(box[0]), plane.y(box[3]) - plane.y(box[1]));
  context.setLineDash([]);
}
