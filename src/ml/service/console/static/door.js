// The ways in: a name and a password, or a link that makes an account. Its token stands behind the #, which no server sees.

import { send } from "./api.js";
import { el, one, onSubmit } from "./dom.js";
import { failure } from "./states.js";
import { t, word } from "./texts.js";

const place = document.querySelector(".problem-place");

/** Go where somebody wanted to go; on this site only. */
function enter() {
  const next = new URLSearchParams(location.search).get("next") || "/";
  const target = new URL(next, location.origin);
  location.assign(target.origin === location.origin ? target.pathname + target.search : "/");
}

if (one("login")) {
  const show = (problem) => {
    if (!problem.needsCode) return failure(problem);
    const code = one("code");
    const first = code.hidden; // that there is no code yet is no failure
    code.hidden = false;
    code.querySelector("input").required = true;
    code.querySelector("input").focus();
    return first ? el("p", { role: "status" }, t("door.code_words")) : failure(problem);
  };
  onSubmit(one("login"), place, async (given) => (await send("POST", "/session", given), enter()), show);
  const { due } = await send("GET", "/setup");
  one("setup-due").hidden = !due;
}

if (one("accept")) {
  const token = location.hash.slice(1);
  const form = one("accept");
  try {
    const link = await send("POST", "/invitation/look", { token: token || "-" });
    form.hidden = false;
    if (link.account) Object.assign(form.elements.name, { value: link.account, readOnly: true });
    one("link").textContent = t("door.becomes", { role: word("role", link.role) });
    history.replaceState(null, "", location.pathname); // the link is in no history of this browser
    onSubmit(form, place, async (given) => {
      const begun = await send("POST", "/invitation", { ...given, token });
      if (begun) enter();
      else location.assign("/login"); // where the code is asked for
    }, failure);
    form.elements[link.account ? "password" : "name"].focus();
  } catch (problem) {
    one("link").replaceChildren(failure(problem));
  }
}
