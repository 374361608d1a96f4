// Colours of the page for what is drawn pixel by pixel, and the moment at which they change.

/** Give a colour of the page as it is now. */
export function paint(name) {
  const probe = document.createElement("i");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** Call something whenever the colours may have changed. */
export function onPaint(act) {
  window.addEventListener("ml-theme", act);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", act);
}
