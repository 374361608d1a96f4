// What a report advises, in the language of the page, from the reasons that the API gives.

import { number, percent, t, word } from "./texts.js";

const SPANS = ["guardrail", "change", "may", "preferred", "chance"];

/** Say why something should be done; in the API's own words where it gives no reasons. */
export function advice({ because, words }) {
  return because.length ? because.map(reason).join("; ") : words;
}

function reason({ code, values }) {
  const said = { ...values, metric: word("metric", values.metric) };
  if (SPANS.includes(code)) {
    const form = values.relative === false ? (value) => number(value, 3) : (value) => percent(value, 1);
    const signed = values.by > 0 ? "+" : "";
    if (values.by !== undefined) said.by = signed + form(values.by);
    if (values.share !== undefined) said.share = form(values.share);
    Object.assign(said, { low: form(values.low), high: form(values.high) });
  }
  if (code === "mismatch") said.p = Number(values.p).toPrecision(1);
  if (code === "alike") said.effect = percent(values.effect, 1);
  return t(`advice.${code}`, said);
}
