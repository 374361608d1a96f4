// Which points are where: for the pointer, for a lasso and for a rectangle. Nothing here knows what is drawn.

const SIDE = 128;
const CELL = 65536 / SIDE;

/** Sort points into cells. */
export function gridOf(x, y) {
  const cellOf = (i) => Math.floor(x[i] / CELL) * SIDE + Math.floor(y[i] / CELL);
  const starts = new Int32Array(SIDE * SIDE + 1);
  for (let i = 0; i < x.length; i += 1) starts[cellOf(i) + 1] += 1;
  for (let cell = 0; cell < SIDE * SIDE; cell += 1) starts[cell + 1] += starts[cell];
  const next = starts.slice();
  const points = new Int32Array(x.length);
  for (let i = 0; i < x.length; i += 1) points[next[cellOf(i)]++] = i;
  return { x, y, starts, points };
}

const clamp = (value) => Math.max(0, Math.min(SIDE - 1, Math.floor(value / CELL)));

/** Call something for each cell that a rectangle touches. */
function cells(left, top, right, bottom, act) {
  for (let column = clamp(left); column <= clamp(right); column += 1) {
    for (let row = clamp(top); row <= clamp(bottom); row += 1) act(column * SIDE + row);
  }
}

/** Call something for each point in a rectangle. */
export function within(grid, left, top, right, bottom, act) {
  cells(left, top, right, bottom, (cell) => {
    for (let place = grid.starts[cell]; place < grid.starts[cell + 1]; place += 1) {
      const i = grid.points[place];
      if (grid.x[i] >= left && grid.x[i] <= right && grid.y[i] >= top && grid.y[i] <= bottom) act(i);
    }
  });
}

/** Give the point nearest to a place, no further than `reach`; -1 where there is none. */
export function nearest(grid, x, y, reach) {
  let best = -1;
  let least = reach * reach;
  within(grid, x - reach, y - reach, x + reach, y + reach, (i) => {
    const far = (grid.x[i] - x) ** 2 + (grid.y[i] - y) ** 2;
    if (far <= least) [best, least] = [i, far];
  });
  return best;
}

/** Give the points inside a closed line of [x, y]. A cell that the line does not touch is inside as a whole, or outside. */
export function inside(grid, line) {
  const touched = new Uint8Array(SIDE * SIDE);
  line.forEach(([x, y], place) => {
    const [to, down] = line[(place || line.length) - 1];
    cells(Math.min(x, to), Math.min(y, down), Math.max(x, to), Math.max(y, down), (cell) => (touched[cell] = 1));
  });
  const [xs, ys] = [line.map(([x]) => x), line.map(([, y]) => y)];
  const found = [];
  cells(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys), (cell) => {
    const [begin, end] = [grid.starts[cell], grid.starts[cell + 1]];
    const is = (i) => encloses(line, grid.x[i], grid.y[i]);
    if (begin === end || (!touched[cell] && !is(grid.points[begin]))) return;
    for (let place = begin; place < end; place += 1) {
      const i = grid.points[place];
      if (!touched[cell] || is(i)) found.push(i);
    }
  });
  return [...Int32Array.from(found).sort()]; // numbers, sorted as such
}

function encloses(line, x, y) {
  let is = false;
  for (let i = 0, j = line.length - 1; i < line.length; j = i, i += 1) {
    const [xi, yi] = line[i];
    const [xj, yj] = line[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) is = !is;
  }
  return is;
}
