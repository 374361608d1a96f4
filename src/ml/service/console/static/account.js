// One's own account: where it is logged in, a code of an app beside its password, and the password.

import { api, query } from "./api.js";
import { el, one, onSubmit } from "./dom.js";
import { failure, fill, once, told, tried } from "./states.js";
import { badge, table } from "./table.js";
import { moment, t } from "./texts.js";
import { time } from "./times.js";

/** A button that ends something, and says so. */
function ends(attributes, words, act, then) {
  const press = () => tried(async () => (await act(), told(then), refresh()));
  return el("button", { type: "button", onclick: press, ...attributes }, words);
}

function sessions(found) {
  const others = found.filter((each) => !each.here);
  const end = (row) =>
    ends({ class: "quiet", id: `end-${row.id}`, aria: { label: t("account.end_this", { at: moment(row.created_at) }) } },
      t("account.end"), () => api("DELETE", `/sessions/${row.id}`), t("account.ended"));
  const everywhere = () => tried(async () => (await api("DELETE", "/sessions"), location.assign("/login")));
  return [
    table(t("account.sessions"), [
      [t("account.since"), (row) => time(row.created_at)],
      [t("account.seen"), (row) => time(row.seen_at)],
      [t("account.ends"), (row) => time(row.ends_at)],
      ["", (row) => el("span", { class: "row" }, row.here ? badge(t("account.here"), "above") : end(row))],
    ], found),
    el("div", { class: "row" },
      others.length > 0 && ends({ id: "others" }, t("account.others"), () => api("DELETE", query("/sessions", { others: true })), t("account.others_ended")),
      el("button", { type: "button", id: "everywhere", onclick: everywhere }, t("account.everywhere"))),
  ];
}

function refresh() {
  fill(one("sessions"), () => api("GET", "/sessions"), sessions);
}

const beside = (form) => form.nextElementSibling;

function state(factor) {
  one("begin").hidden = factor.on;
  one("remove").hidden = one("password-code").hidden = !factor.on;
  one("password").elements.code.required = factor.on;
  if (!factor.on) return el("p", {}, badge(t("account.off"), "unclear"));
  return el("p", {}, badge(t("account.on"), "above"), " ", t("account.codes_left", { n: factor.recovery_codes }));
}

onSubmit(one("begin"), beside(one("begin")), async ({ password }) => {
  const { secret, link } = await api("POST", "/session/second-factor", { password });
  const groups = secret.match(/.{1,4}/g).join(" ");
  one("secret").replaceChildren(
    once(t("account.secret"), groups, t("account.secret_words")),
    el("p", {}, el("a", { href: link }, t("account.open_app"))),
  );
  one("begin").hidden = true;
  one("confirm").hidden = false;
  one("confirm").elements.code.focus();
}, failure);

onSubmit(one("confirm"), beside(one("confirm")), async ({ code }) => {
  const { codes } = await api("PUT", "/session/second-factor", { code });
  one("confirm").hidden = true;
  const again = () => location.reload(); // the session is another one now
  one("factor").replaceChildren(el("p", {}, badge(t("account.on"), "above")));
  one("secret").replaceChildren(
    once(t("account.codes"), codes.join("\n"), t("account.codes_words")),
    el("button", { type: "button", class: "main", id: "written", onclick: again }, t("account.written")),
  );
  one("written").focus();
}, failure);

onSubmit(one("remove"), beside(one("remove")), async ({ password, code }) => {
  await api("POST", "/session/second-factor/removal", { password, code });
  location.reload();
}, failure);

onSubmit(one("password"), beside(one("password")), async ({ old, new: wanted, code }) => {
  await api("PUT", "/session/password", { old, new: wanted, code });
  location.reload(); // the session is another one now
}, failure);

fill(one("factor"), () => api("GET", "/session/second-factor"), state);
refresh();
