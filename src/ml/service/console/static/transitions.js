// How the tracks of a list lead to each other, to be heard: the end of each and the beginning of the next.

import { query } from "./api.js";

const SECONDS = 5;

/** Which neighbours can be heard: places of the first of each two. */
export function heard(tracks) {
  return tracks.flatMap((_, place) => (place + 1 < tracks.length && tracks[place].playable && tracks[place + 1].playable ? [place] : []));
}

/** Play them one after another. `at` is told the place, `silent` a track without a sound. Gives what stops it, and when it has ended. */
export function played(tracks, at, silent) {
  const audio = new Audio();
  const stopped = new AbortController();
  const stop = () => (stopped.abort(), audio.pause());

  async function all() {
    for (const place of heard(tracks)) {
      if (stopped.signal.aborted) return;
      at(place);
      for (const [track, ending] of [[tracks[place], true], [tracks[place + 1], false]]) {
        if (stopped.signal.aborted) return;
        if (!(await stretch(track, ending))) {
          if (!stopped.signal.aborted) silent(track);
          break;
        }
      }
    }
  }

  /** Play a stretch of a track; false where it has no sound. */
  async function stretch(track, ending) {
    audio.src = query("/api/v1/tracks/audio", { item_id: track.track_id });
    if (!(await happened(audio, "loadedmetadata", "error"))) return false;
    if (ending) audio.currentTime = Math.max(0, audio.duration - SECONDS);
    try {
      await audio.play();
    } catch {
      return false; // what is no sound that this browser knows
    }
    const timer = setTimeout(() => audio.pause(), SECONDS * 1000);
    await happened(audio, "pause", "error");
    clearTimeout(timer);
    return !audio.error;
  }

  function happened(what, good, bad) {
    return new Promise((resolve) => {
      const settle = (answer) => () => (resolve(answer), done.abort());
      const done = new AbortController();
      const once = { signal: done.signal };
      what.addEventListener(good, settle(true), once);
      what.addEventListener(bad, settle(false), once);
      stopped.signal.addEventListener("abort", settle(false), once);
    });
  }

  return { stop, ended: all().finally(() => audio.removeAttribute("src")) };
}
