// One's own account: where it is logged in, and its password.

import { api, query } from "./api.js";
import { el, one, onSubmit } from "./dom.js";
import { failure, fill, told, tried } from "./states.js";
import { badge, table } from "./table.js";
import { moment, t } from "./texts.js";

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
      [t("account.since"), (row) => moment(row.created_at)],
      [t("account.seen"), (row) => moment(row.seen_at)],
      [t("account.ends"), (row) => moment(row.ends_at)],
      ["", (row) => (row.here ? badge(t("account.here"), "above") : end(row))],
    ], found),
    el("div", { class: "row" },
      others.length > 0 && ends({ id: "others" }, t("account.others"), () => api("DELETE", query("/sessions", { others: true })), t("account.others_ended")),
      el("button", { type: "button", id: "everywhere", onclick: everywhere }, t("account.everywhere"))),
  ];
}

function refresh() {
  fill(one("sessions"), () => api("GET", "/sessions"), sessions);
}

const form = one("password");
onSubmit(form, form.nextElementSibling, async ({ old, new: wanted }) => {
  await api("PUT", "/session/password", { old, new: wanted });
  location.reload(); // the session is another one now
}, failure);

refresh();
