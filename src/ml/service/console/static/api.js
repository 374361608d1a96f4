// The public API, asked as any program would ask it: with the session's cookie, and its token where something changes.

import { t, tongue } from "./texts.js";

const BASE = "/api/v1";
let session;

/** What went wrong, as the API says it: a problem document. */
export class Problem extends Error {
  constructor(document, request = "") {
    super(document.detail || document.title);
    this.code = document.code;
    Object.assign(this, { title: document.title, detail: document.detail, hint: document.hint });
    Object.assign(this, { status: document.status ?? 0, needsCode: Boolean(document.second_factor), request });
  }
}

/** Who is logged in, asked once. */
export function who() {
  session ??= send("GET", "/session").catch((problem) => {
    session = undefined; // it is asked again: somebody may have logged in meanwhile
    throw problem;
  });
  return session;
}

/** Ask the API; what it refuses is a Problem. A body is an object, or FormData with files. */
export async function api(method, path, body) {
  const headers = method === "GET" ? {} : { "X-CSRF-Token": (await who()).csrf };
  return send(method, path, body, headers);
}

/** Ask for a file; the browser keeps it as it keeps downloads. */
export async function download(path, body, name) {
  const answer = await answered("POST", path, body, { "X-CSRF-Token": (await who()).csrf });
  const address = URL.createObjectURL(await answer.blob());
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  URL.revokeObjectURL(address);
}

/** Ask what needs nobody to be logged in. */
export async function send(method, path, body, headers = {}) {
  const answer = await answered(method, path, body, headers);
  return answer.status === 204 ? null : answer.json();
}

async function answered(method, path, body, headers) {
  headers["Accept-Language"] = tongue; // what goes wrong is said in it
  const asked = { method, headers, credentials: "same-origin" };
  if (body instanceof FormData) asked.body = body;
  else if (body !== undefined) {
    asked.body = JSON.stringify(body);
    headers["Content-Type"] = "application/json";
  }
  let answer;
  try {
    answer = await fetch(BASE + path, asked);
  } catch {
    throw new Problem({ title: t("problem.away"), hint: t("problem.away_hint") });
  }
  if (answer.ok) return answer;
  const document = await answer.json().catch(() => ({ title: answer.statusText }));
  const problem = new Problem({ status: answer.status, ...document }, answer.headers.get("X-Request-ID"));
  if (answer.status === 401 && !isDoor()) {
    session = undefined;
    if (!typed()) leave();
    problem.title = t("problem.over");
    problem.hint = t("problem.over_hint");
    problem.door = "/login?next=/account"; // in another tab: what was typed here stays
  }
  throw problem;
}

/** Put values into the query of a path; what is empty is left out. */
export function query(path, values) {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return given.length ? `${path}?${new URLSearchParams(given)}` : path;
}

const isDoor = () => ["/login", "/setup", "/invitation"].includes(location.pathname);

/** Tell whether somebody has typed or chosen what would be lost with the page. */
function typed() {
  const texts = [...document.querySelectorAll("form :is(input, textarea)")].filter((each) => !["checkbox", "radio", "range", "file", "hidden"].includes(each.type));
  return texts.some((each) => each.value !== each.defaultValue);
}

function leave() {
  location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
}
