// Where names lead.

import { query } from "./api.js";
import { el } from "./dom.js";

/** The name of a track, which leads to its page. */
export function toTrack(id, ...name) {
  return el("a", { href: query("/track", { item: id }) }, name);
}
