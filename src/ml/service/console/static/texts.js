// What pages say, and how they write numbers and times, in the language of the page.

const language = document.documentElement.lang;
const { TEXTS } = await import(`./texts-${language}.js`);

/** Give a text; what stands in braces is filled in. */
export function t(name, values = {}) {
  const text = TEXTS[name];
  if (text === undefined) throw new Error(`no text ${name}`);
  return text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
}

/** Give the text of a word that the API may send; the word itself where there is none. */
export function word(family, value) {
  return TEXTS[`${family}.${value}`] ?? value;
}

/** Say a sentence of the API in the language of the page, by its code; in the API's own words where it has none. */
export function sentence(family, text, words) {
  const name = `${family}.${words?.code}`;
  if (TEXTS[name] === undefined) return text;
  const values = Object.entries(words.values).map(([key, value]) => [key, word(`${family}_${key}`, value)]);
  return t(name, Object.fromEntries(values));
}

export const tongue = language;

export function number(value, digits = 0) {
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits, minimumFractionDigits: digits }).format(value);
}

export function percent(value, digits = 0) {
  const form = { style: "percent", maximumFractionDigits: digits, minimumFractionDigits: digits };
  return new Intl.NumberFormat(language, form).format(value);
}

/** Write a length as minutes and seconds, with hours where there are any. */
export function minutes(seconds) {
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  const two = (value) => String(value).padStart(2, "0");
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

export function megabytes(bytes) {
  return `${number(bytes / 1e6, 1)} MB`;
}

/** Write a moment, as ISO 8601 or as milliseconds, in the time of whoever reads. */
export function moment(at, seconds = false) {
  const form = { dateStyle: "medium", timeStyle: seconds ? "medium" : "short" };
  return at === null ? "–" : new Date(at).toLocaleString(language, form);
}

export function day(at) {
  return at === null ? "–" : new Date(at).toLocaleDateString(language, { dateStyle: "medium" });
}
