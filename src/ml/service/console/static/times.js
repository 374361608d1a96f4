// Moments: in the time of whoever reads, with the moment in UTC for whoever points at it, and for machines.

import { el } from "./dom.js";
import { day, moment } from "./texts.js";

/** Make an element of a moment, as ISO 8601 or as milliseconds; "seconds" where they matter. */
export function time(at, { seconds = false, days = false } = {}) {
  if (at === null || at === undefined) return "–";
  const utc = new Date(at).toISOString();
  const words = days ? day(at) : moment(at, seconds);
  return el("time", { datetime: utc, title: `${utc.slice(0, 19).replace("T", " ")} UTC` }, words);
}
