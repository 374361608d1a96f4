// One axis of time for all pictures of a sound: which part of it is seen, and where in it a moment lies.

const SHORTEST_S = 2;

export class Timeline {
  constructor(length) {
    Object.assign(this, { length, from: 0, to: length, width: 1, watchers: [] });
  }

  get span() {
    return this.to - this.from;
  }

  get whole() {
    return this.span > this.length - 1e-6;
  }

  /** Give the place of a moment, in pixels. */
  x(at) {
    return ((at - this.from) / this.span) * this.width;
  }

  /** Give the moment at a place. */
  at(x) {
    return Math.max(0, Math.min(this.length, this.from + (x / this.width) * this.span));
  }

  /** See so many seconds from a moment on, or as many as there are. */
  look(from, span = this.span) {
    const wide = Math.min(this.length, Math.max(Math.min(SHORTEST_S, this.length), span));
    this.from = Math.max(0, Math.min(from, this.length - wide));
    this.to = this.from + wide;
    this.changed();
  }

  /** See more or less, with one moment staying where it is. */
  zoom(factor, around) {
    const share = (around - this.from) / this.span;
    const span = Math.min(this.length, Math.max(SHORTEST_S, this.span * factor));
    this.look(around - share * span, span);
  }

  /** Turn over to the part in which a moment lies. */
  follow(at) {
    if (at < this.from || at > this.to) this.look(at - 0.04 * this.span);
  }

  changed() {
    this.watchers.forEach((each) => each());
  }
}

/** Write seconds as a player does: 3:07, or 3:07.4. */
export function clock(seconds, digits = 0) {
  const step = 10 ** digits;
  const whole = Math.floor(seconds * step + 1e-6) / step;
  const rest = (whole % 60).toFixed(digits).padStart(digits ? 3 + digits : 2, "0");
  return `${Math.floor(whole / 60)}:${rest}`;
}

/** Give how far apart marks are, so that there are few enough to be read. */
export function stepOf(span, width) {
  const least = span / Math.max(1, width / 80);
  return [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800].find((each) => each >= least) ?? 3600;
}
