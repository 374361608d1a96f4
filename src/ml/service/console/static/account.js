// One's own account: the password, and a code of an app beside it.

import { api } from "./api.js";
import { el, one, onSubmit } from "./dom.js";
import { failure, fill, once, told } from "./states.js";
import { badge } from "./table.js";
import { t } from "./texts.js";

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

onSubmit(one("password"), beside(one("password")), async (given) => {
  await api("PUT", "/session/password", { old: given.old, new: given.new, code: given.code });
  told(t("account.password_done"));
  setTimeout(() => location.reload(), 1200); // the session is another one now
}, failure);

fill(one("factor"), () => api("GET", "/session/second-factor"), state);
