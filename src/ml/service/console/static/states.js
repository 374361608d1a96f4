// What a part of a page can be besides full: waiting, empty, failed. And what it says in passing.

import { el, one } from "./dom.js";
import { t } from "./texts.js";

/** Fill a region with what is asked for; show meanwhile that it is on its way, and afterwards what went wrong. */
export async function fill(region, ask, draw) {
  const asked = Symbol("asked");
  fill.newest.set(region, asked);
  region.setAttribute("aria-busy", "true");
  if (!region.hasChildNodes() || region.querySelector(":scope > .state")) region.replaceChildren(waiting());
  let content;
  try {
    content = draw(await ask());
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    content = failure(problem, () => fill(region, ask, draw));
  }
  if (fill.newest.get(region) !== asked) return; // a later question was answered already, or will be
  const focused = region.contains(document.activeElement) ? document.activeElement.id : "";
  region.replaceChildren(...[content].flat(Infinity).filter(Boolean));
  region.removeAttribute("aria-busy");
  if (focused) one(focused)?.focus();
}
fill.newest = new WeakMap();

function waiting() {
  const lines = [1, 2, 3].map(() => el("span", { class: "bone" }));
  return el("div", { class: "waiting" }, el("span", { class: "hidden" }, t("state.waiting")), lines);
}

/** Say that there is nothing, and what to do about it. */
export function nothing(title, words, ...more) {
  return el("div", { class: "state" }, el("p", { class: "state-title" }, title), el("p", {}, words), more);
}

/** Say what went wrong, what to do, and under which number the log has it. */
export function failure(problem, retry) {
  return el(
    "div",
    { class: "state failed", role: "group", "aria-label": problem.title },
    el("p", { class: "state-title" }, problem.title),
    problem.detail && el("p", {}, problem.detail),
    problem.hint && el("p", { class: "hint" }, el("strong", {}, t("problem.hint")), " ", problem.hint),
    el(
      "div",
      { class: "row" },
      problem.door && el("a", { href: problem.door, target: "_blank", rel: "noopener" }, t("problem.log_in")),
      retry && el("button", { type: "button", onclick: retry }, t("problem.again")),
      problem.request && el("span", { class: "soft small" }, t("problem.request"), " ", el("code", {}, problem.request)),
    ),
  );
}

/** Say in passing that something was done, with a way back where there is one. */
export function told(words, undo) {
  hush();
  const toast = one("toast");
  const back = undo && el("button", { type: "button", onclick: () => (toast.replaceChildren(), undo()) }, t("frame.undo"));
  toast.replaceChildren(el("div", { class: "toast" }, el("span", {}, words), back));
  told.timer = setTimeout(() => toast.replaceChildren(), undo ? 12000 : 5000);
}

/** Give what is asked for, or null where it is refused as there is nothing yet. */
export async function unless(status, asked) {
  try {
    return await asked;
  } catch (problem) {
    if (problem.status !== status) throw problem;
    return null;
  }
}

/** Take back what was said in passing: of an act that another has followed. */
export function hush() {
  clearTimeout(told.timer);
  one("toast").replaceChildren();
  one("toast").setAttribute("role", "status");
}

/** Say what went wrong beside no place of its own; it stays until it is closed, or something else is done. */
function warned(problem) {
  hush();
  const words = [problem.title, problem.detail, problem.hint].filter(Boolean).join(" – ");
  const door = problem.door && el("a", { href: problem.door, target: "_blank", rel: "noopener" }, t("problem.log_in"));
  const close = el("button", { type: "button", onclick: hush }, t("frame.close"));
  one("toast").setAttribute("role", "alert");
  one("toast").append(el("div", { class: "toast" }, el("span", {}, words), door, close));
}

/** Do something at the press of a button, and say what went wrong; tell whether it was done. */
export async function tried(act) {
  hush();
  try {
    await act();
    return true;
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    warned(problem);
    return false;
  }
}

/** Show a secret once, with a way to copy it. */
export function once(title, secret, words = t("state.once")) {
  const copy = async () => (await navigator.clipboard.writeText(secret), told(t("state.copied")));
  return el(
    "div",
    { class: "secret", role: "group", "aria-label": title },
    el("p", {}, el("strong", {}, title)),
    el("div", { class: "row" }, el("code", { tabindex: 0, class: "token" }, secret), el("button", { type: "button", onclick: () => tried(copy) }, t("state.copy"))),
    el("p", { class: "soft small" }, words),
  );
}
