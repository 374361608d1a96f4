// What every page has: light or dark, and the way out.

import { api } from "./api.js";
import { one } from "./dom.js";
import { tried } from "./states.js";

one("theme").addEventListener("change", ({ target }) => {
  document.documentElement.dataset.theme = target.value;
  document.cookie = `ml_theme=${target.value}; path=/; max-age=31536000; samesite=strict`;
  window.dispatchEvent(new Event("ml-theme"));
});

one("log-out")?.addEventListener("click", () =>
  tried(async () => {
    await api("DELETE", "/session");
    location.assign("/login");
  }),
);

document.querySelector(".bar [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
