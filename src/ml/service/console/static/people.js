// Keys of programs, accounts of people, and the links that make them.

import { api } from "./api.js";
import { el, one, onSubmit } from "./dom.js";
import { failure, fill, nothing, once, told, tried } from "./states.js";
import { badge, table } from "./table.js";
import { t, word } from "./texts.js";
import { time } from "./times.js";

const beside = (form) => form.nextElementSibling;

/** A button in a row of a table. */
function act(id, words, label, method, path, then) {
  const press = () => tried(async () => (await api(method, path), told(then), refresh()));
  return el("button", { type: "button", class: "quiet", id, onclick: press, aria: { label } }, words);
}

function accounts(found) {
  return table(t("people.accounts"), [
    [t("people.name"), (row) => row.name],
    [t("people.role"), (row) => word("role", row.role)],
    [t("people.listener"), (row) => row.user_id ?? "–"],
    [t("people.seen"), (row) => time(row.logged_in_at)],
    [t("people.state"), (row) => row.disabled_at ? badge(t("people.disabled"), "below") : badge(t("people.active"), "above")],
    ["", (row) => {
      const verb = row.disabled_at ? "enable" : "disable";
      return act(`account-${row.id}`, t(`people.${verb}`), t(`people.${verb}_this`, { name: row.name }), "POST", `/accounts/${encodeURIComponent(row.name)}/${verb}`, t("people.changed"));
    }],
  ], found);
}

function invitations(found) {
  const open = found.filter((each) => each.kind !== "setup");
  if (!open.length) return null;
  return table(t("people.links"), [
    [t("people.link"), (row) => el("code", {}, row.id)],
    [t("people.role"), (row) => word("role", row.role)],
    [t("people.listener"), (row) => row.user_id ?? "–"],
    [t("people.until"), (row) => time(row.expires_at)],
    ["", (row) => act(`link-${row.id}`, t("people.withdraw"), t("people.withdraw_this", { id: row.id }), "DELETE", `/invitations/${row.id}`, t("people.changed"))],
  ], open);
}

const COLOURS = { active: "above", expired: "unclear", revoked: "below" };

function keys(found) {
  if (!found.length) return nothing(t("people.no_keys"), t("people.no_keys_words"));
  const rotate = (row) =>
    tried(async () => {
      const { token } = await api("POST", `/keys/${row.id}/rotate`, {});
      one("made").replaceChildren(once(t("people.new_token", { name: row.name }), token));
      refresh();
    });
  return table(t("people.keys"), [
    [t("people.name"), (row) => [row.name, " ", el("code", { class: "soft small" }, row.id)]],
    [t("people.role"), (row) => word("role", row.role)],
    [t("people.listener"), (row) => row.user_id ?? "–"],
    [t("people.used"), (row) => time(row.used_at)],
    [t("people.expires"), (row) => time(row.expires_at, { days: true })],
    [t("people.state"), (row) => badge(t(`key.${row.state}`), COLOURS[row.state])],
    ["", (row) => row.state === "active" && el("span", { class: "row" },
      el("button", { type: "button", class: "quiet", onclick: () => rotate(row), aria: { label: t("people.rotate_this", { name: row.name }) } }, t("people.rotate")),
      act(`key-${row.id}`, t("people.revoke"), t("people.revoke_this", { name: row.name }), "DELETE", `/keys/${row.id}`, t("people.revoked")))],
  ], found);
}

function refresh() {
  fill(one("accounts"), () => api("GET", "/accounts?count=1000"), accounts);
  fill(one("invitations"), () => api("GET", "/invitations?count=1000"), invitations);
  fill(one("keys"), () => api("GET", "/keys?count=1000"), keys);
}

for (const form of [one("invite"), one("key")]) {
  const follow = () => {
    const bound = form.elements.role.value === "listener";
    form.querySelector("[data-for]").hidden = !bound;
    form.elements.user_id.required = bound;
  };
  form.elements.role.addEventListener("change", follow);
  follow();
}

onSubmit(one("invite"), beside(one("invite")), async (given) => {
  const { token } = await api("POST", "/invitations", given);
  one("invited").replaceChildren(once(t("people.invited"), `${location.origin}/invitation#${token}`));
  refresh();
}, failure);

onSubmit(one("key"), beside(one("key")), async ({ expires_at: until, ...given }) => {
  const ends = until && new Date(`${until}T23:59:59`).toISOString();
  const { token } = await api("POST", "/keys", ends ? { ...given, expires_at: ends } : given);
  one("made").replaceChildren(once(t("people.new_token", { name: given.name }), token));
  one("key").reset();
  one("key").elements.role.dispatchEvent(new Event("change"));
  refresh();
}, failure);

refresh();
