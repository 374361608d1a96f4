// One listener: what they are recommended and why, a dial that answers while it is turned, what they played.

import { api, query, who } from "./api.js";
import { el, fields, later, one, onSubmit } from "./dom.js";
import { toTrack } from "./links.js";
import { ownData } from "./own_data.js";
import { explanation } from "./reasons.js";
import { receiptOf } from "./receipt.js";
import { failure, fill, noted, nothing, told, tried, unless } from "./states.js";
import { badge, table } from "./table.js";
import { number, percent, t, tongue } from "./texts.js";
import { time } from "./times.js";

const me = await who();
const own = me.role === "listener";
let listener = own ? me.user_id : new URLSearchParams(location.search).get("of") ?? "";

/** What the API is sent of whom; a listener need not say who they are. */
const whom = () => (own ? {} : { user_id: listener });

function dialled() {
  const { activity, ...given } = fields(one("dial"));
  const context = activity ? { context: { activity } } : {};
  return { ...whom(), ...given, ...context, reasons: 3, language: tongue };
}

async function feedback(item, event, words) {
  const recorded = await api("POST", "/feedback", { ...whom(), item_id: item.item_id, event });
  const undo = async () => {
    await api("DELETE", query(`/events/${recorded.event_id}`, whom()));
    told(t("listener.undone", { title: item.title }));
    recommend();
  };
  told(t(words, { title: item.title }), recorded.event_id ? () => tried(undo) : null);
  recommend();
}

function pressed(item, event, label, words) {
  const press = () => tried(() => feedback(item, event, words));
  const id = `${event}-${item.item_id}`;
  return el("button", { type: "button", class: "quiet", id, onclick: press, aria: { label: `${label}: ${item.title}` } }, label);
}

async function why(item) {
  one("why-title").textContent = item.title;
  one("why").showModal();
  await fill(one("why-body"), () => asked(item.item_id), explained);
}

/** An explanation, with the way back where an item, or its artist, was never to come again. */
function explained(found) {
  const allow = async () => {
    await api("POST", "/feedback", { ...whom(), item_id: found.refused.item_id, event: "unblock" });
    told(t("listener.allowed", { title: found.title }));
    one("why").close();
    one("reasons").replaceChildren();
    recommend();
  };
  const way = found.refused?.kind === "block";
  return [explanation(found), way && el("p", {}, el("button", { type: "button", onclick: () => tried(allow) }, t("listener.allow")))];
}

function asked(itemId) {
  const { context } = dialled();
  return api("POST", "/explanations", { ...whom(), item_id: itemId, language: tongue, ...(context && { context }) });
}

function card(item) {
  const known = item.familiar ? badge(t("listener.known"), "unclear") : item.familiar === false ? badge(t("listener.new"), "above") : null;
  return el(
    "li",
    { class: "pick", data: { item: item.item_id } },
    el("span", { class: "rank", "aria-hidden": "true" }, item.rank),
    el("div", { class: "what" },
      el("h3", {}, item.kind === "track" ? toTrack(item.item_id, item.title) : item.title, " ", known),
      item.artist && el("p", { class: "by" }, item.artist),
      el("p", { class: "soft" }, item.why),
    ),
    el("div", { class: "acts" },
      el("button", { type: "button", id: `why-${item.item_id}`, onclick: () => why(item), aria: { label: t("listener.why_this", { title: item.title }) } }, t("listener.why")),
      pressed(item, "like", t("listener.like"), "listener.liked"),
      pressed(item, "not_now", t("listener.not_now"), "listener.later"),
      pressed(item, "block", t("listener.block"), "listener.blocked"),
    ),
  );
}

function recommended(found) {
  one("said").textContent = "";
  if (!found) return nothing(t("listener.untrained"), t("listener.untrained_words"));
  const known = found.tracks.filter((each) => each.familiar).length;
  one("said").textContent = t("listener.said", { n: found.tracks.length, known, algorithm: found.algorithm });
  const notices = noted(found);
  if (!found.tracks.length) return [nothing(t("listener.none"), t("listener.none_words")), notices];
  return [el("ol", { class: "picks" }, found.tracks.map(card)), notices];
}

function recommend() {
  const ask = () => api("POST", "/recommendations", dialled());
  // Of a listener's own name there is no doubt: then this can only mean that nothing was trained.
  return fill(one("recommended"), () => (own ? unless(409, ask()) : ask()), recommended);
}

function history(found) {
  if (!found.listens.length) return nothing(t("listener.unheard"), t("listener.unheard_words"));
  return [
    el("p", { class: "soft" }, t("listener.counted", { shown: found.listens.length, n: number(found.count) })),
    table(t("listener.history"), [
      [t("listener.item"), (row) => toTrack(row.item_id, row.title)],
      [t("listener.artist"), (row) => row.artist ?? "–"],
      [t("listener.at"), (row) => time(row.at)],
    ], found.listens),
  ];
}

function paused(state) {
  if (!state) return null; // nothing is stored of them yet that could be paused
  const verb = state.paused ? "resume" : "pause";
  const turn = () =>
    tried(async () => {
      await api("POST", query(`/history/${verb}`, whom()));
      told(t(`listener.${verb}d`));
      showPause();
    });
  return el("span", { class: "row" },
    state.paused && badge(t("listener.is_paused"), "unclear"),
    el("button", { type: "button", id: "turn", onclick: turn }, t(`listener.${verb}`)));
}

const state = () => unless(404, api("GET", query("/history", whom())));
const showPause = () => fill(one("pause"), state, paused);

function open() {
  one("reasons").replaceChildren(); // they were somebody else's
  one("listener").hidden = true;
  if (!listener) return one("nobody").replaceChildren(nothing(t("listener.nobody"), t("listener.nobody_words")));
  // Whoever looks at themself is somebody, also before anything is stored of them.
  if (own) return show(null);
  return fill(one("nobody"), () => api("GET", query("/history", whom())).catch(unknown), (found) => (found.unknown ? stranger(found.unknown) : show(found)));
}

/** Nobody of that name, or several: that is an answer too. */
function unknown(problem) {
  if (![400, 404, 409].includes(problem.status)) throw problem;
  return { unknown: problem };
}

/** Say that nobody is called so, and who is called nearly so. */
function stranger(problem) {
  const near = [...(problem.hint ?? "").matchAll(/[\w.-]+:[^\s,]+/g)].map(([id]) => id);
  if (!near.length) return failure(problem);
  const link = (id) => el("li", {}, el("a", { href: query(location.pathname, { of: id }) }, id));
  return el("div", { class: "state failed", id: "stranger" },
    el("p", { class: "state-title" }, t("listener.unknown", { id: listener })),
    el("p", {}, t("listener.unknown_words")),
    el("ul", { class: "inline" }, near.map(link)));
}

function show(found) {
  one("listener").hidden = false;
  recommend();
  one("pause").replaceChildren();
  ownData(listener, whom(), erased);
  fill(one("history"), () => api("GET", query("/listens", { ...whom(), count: 20 })), history);
  if (found) one("pause").replaceChildren(...[paused(found)].filter(Boolean));
  else showPause();
  return [];
}

/** A listener who is erased is nobody any more: what is left to show is the receipt. */
function erased(receipt) {
  const leave = own && el("a", { class: "button", href: "/login" }, t("erased.leave"));
  one("nobody").replaceChildren(receiptOf(receipt, listener, own, leave));
  one("listener").hidden = true;
  one("receipt").focus();
  listener = one("whom").elements.user_id.value = "";
  window.history.replaceState(null, "", location.pathname);
}

const sayFamiliar = () => (one("familiar-said").textContent = percent(Number(one("familiar").value)));
one("dial").addEventListener("input", sayFamiliar);
one("dial").addEventListener("input", later(recommend));
one("dial").addEventListener("submit", (event) => (event.preventDefault(), recommend()));
sayFamiliar();

one("whom").elements.user_id.value = listener;
one("whom").addEventListener("submit", (event) => {
  event.preventDefault();
  listener = one("whom").elements.user_id.value.trim();
  window.history.replaceState(null, "", query(location.pathname, { of: listener }));
  open();
});
onSubmit(one("ask"), one("reasons"), async ({ item_id: item }) => {
  await fill(one("reasons"), () => asked(item), (found) => el("div", { class: "card" }, el("h3", {}, found.title), explained(found)));
}, failure);
open();
