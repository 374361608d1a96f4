// A field for several things: each that is named becomes a chip; while somebody types, what there is comes up.

import { el, later } from "./dom.js";
import { t } from "./texts.js";

/** Make the field. `suggest` gives [{value, label}] for a text; what it does not know is taken as it is written. */
export function chipsIn(box, name, label, suggest) {
  const chosen = new Map();
  let known = [];
  let pending; // while it is asked what was meant
  const options = el("datalist", { id: `${name}-known` });
  const list = el("ul", { class: "chips" });
  const input = el("input", { list: options.id, autocomplete: "off", spellcheck: "false", maxlength: 500, placeholder: t("playlists.name_one") });

  function draw() {
    list.hidden = !chosen.size;
    list.replaceChildren(...[...chosen].map(([value, said]) =>
      el("li", {}, el("span", {}, said), el("button", { type: "button", aria: { label: t("playlists.drop", { what: said }) }, onclick: () => drop(value) }, "×"))));
  }

  function drop(value) {
    chosen.delete(value);
    draw();
    input.focus();
  }

  function take(value, said = value) {
    chosen.set(value, said);
    input.value = "";
    options.replaceChildren();
    draw();
  }

  async function ask() {
    const text = input.value.trim();
    const found = await suggest(text).catch(() => []);
    if (input.value.trim() !== text) return;
    known = found;
    options.replaceChildren(...known.map((each) => el("option", { value: each.label })));
  }
  const look = later(ask);

  /** Take what stands in the field: what is called so, else `nearest`, else as it is written. */
  function settle(nearest) {
    const text = input.value.trim();
    const meant = known.find((each) => each.label === text) ?? nearest;
    if (text) take(meant?.value ?? text, meant?.label ?? text);
  }

  input.addEventListener("focus", look);
  input.addEventListener("input", (event) => {
    // Whoever picks from the list has not typed.
    const picked = !(event instanceof InputEvent) || event.inputType === "insertReplacementText";
    if (picked && known.some((each) => each.label === input.value.trim())) settle();
    else look();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && input.value.trim()) {
      event.preventDefault();
      if (known.some((each) => each.label === input.value.trim())) settle();
      else pending ??= ask().then(() => (settle(known[0]), (pending = undefined)));
    } else if (event.key === "Backspace" && !input.value && chosen.size) drop([...chosen.keys()].at(-1));
  });
  input.addEventListener("blur", () => pending ?? settle());
  box.replaceChildren(el("label", {}, label, input), options, list);
  draw();
  return { value: () => [...chosen.keys()], chosen: () => [...chosen], take, settled: () => pending, clear: () => (chosen.clear(), draw()) };
}
