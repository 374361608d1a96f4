// Elements, made without HTML in strings: what comes from the API is always text.

/** Make an element. `on…` are listeners, `data` and `aria` are objects, true and false set and leave out attributes. */
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key === "data" || key === "aria") {
      for (const [each, said] of Object.entries(value)) made.setAttribute(`${key}-${each}`, said);
    } else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export const one = (id) => document.getElementById(id);

/** Read a form: fields that are empty are left out, numbers are numbers. */
export function fields(form) {
  const found = {};
  for (const field of form.elements) {
    if (!field.name || field.value === "" || field.disabled || field.closest("[hidden]")) continue;
    found[field.name] = ["number", "range"].includes(field.type) ? Number(field.value) : field.value;
  }
  return found;
}

/** Have a form do something: its button waits meanwhile, and what goes wrong stands beside it. A button that is marked
 * `data-waits` can be pressed from now on: before, the browser itself would have sent the form, as it sends forms. */
export function onSubmit(form, place, act, show) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const buttons = [...form.querySelectorAll("button")];
    buttons.forEach((button) => (button.disabled = true));
    place.replaceChildren();
    try {
      await act(fields(form));
    } catch (problem) {
      place.replaceChildren(show(problem));
    } finally {
      buttons.forEach((button) => (button.disabled = false));
    }
  });
  for (const button of form.querySelectorAll("[data-waits]")) button.disabled = false;
}

/** Call something when no call has followed for a while. */
export function later(act, ms = 180) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, ms);
  };
}
