// Drawings by Plotly, in the colours of the page, drawn anew when these change. A table beside each says the same.

import { onPaint, paint } from "./paint.js";
import { tongue } from "./texts.js";

const Plotly = window.Plotly;

function layout(more) {
  const axis = { gridcolor: paint("rule"), zerolinecolor: paint("soft"), linecolor: paint("rule"), automargin: true };
  const fixed = { fixedrange: true, ...axis };
  return {
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: "system-ui, sans-serif", size: 13, color: paint("soft") },
    margin: { l: 8, r: 16, t: 8, b: 44 },
    hoverlabel: { bgcolor: paint("card"), bordercolor: paint("rule"), font: { color: paint("ink") } },
    separators: tongue === "de" ? ",." : ".,",
    ...more,
    xaxis: { ...fixed, ...more.xaxis },
    yaxis: { ...fixed, ...more.yaxis },
  };
}

function drawn(label, height, content) {
  const box = document.createElement("div");
  box.className = "chart";
  box.setAttribute("role", "img");
  box.setAttribute("aria-label", label);
  const draw = () => {
    if (!box.isConnected) return;
    const { traces, more } = content();
    Plotly.react(box, traces, layout({ height, ...more }), { displayModeBar: false, responsive: true });
  };
  requestAnimationFrame(draw);
  onPaint(draw);
  return box;
}

/** Draw values with intervals, one a line: [{name, value, low, high, kind}], kind one of above, unclear, below, baseline. */
export function intervals(label, title, rows) {
  const symbols = { above: "circle", unclear: "square-open", below: "triangle-down", baseline: "diamond" };
  return drawn(label, 60 + 30 * rows.length, () => ({
    traces: rows.map((row) => ({
      type: "scatter",
      mode: "markers",
      x: [row.value],
      y: [row.name],
      error_x: { type: "data", symmetric: false, array: [row.high - row.value], arrayminus: [row.value - row.low], thickness: 2, width: 0 },
      marker: { size: 10, symbol: symbols[row.kind], color: paint(row.kind) },
      hovertemplate: "%{y}: %{x:.3f}<extra></extra>",
    })),
    more: { showlegend: false, xaxis: { title: { text: title }, rangemode: "tozero" }, yaxis: { autorange: "reversed", type: "category", showgrid: false } },
  }));
}

/** Draw how a difference and its interval came to be: [{name, at, difference, low, high}], one line a name, around zero. */
export function course(label, title, lines) {
  const colours = ["above", "unclear", "accent", "below"];
  return drawn(label, 340, () => ({
    traces: lines.flatMap((line, place) => {
      const colour = paint(colours[place % colours.length]);
      const common = { x: line.at, type: "scatter", mode: "lines", hoverinfo: "skip", showlegend: false, line: { width: 0 } };
      const faint = colour.replace("rgb(", "rgba(").replace(")", ", 0.16)");
      return [
        { ...common, y: line.high },
        { ...common, y: line.low, fill: "tonexty", fillcolor: faint },
        { x: line.at, y: line.difference, name: line.name, type: "scatter", mode: "lines+markers", line: { color: colour, width: 2.5 }, marker: { size: 5 } },
      ];
    }),
    more: { showlegend: lines.length > 1, legend: { orientation: "h", y: 1.12 }, xaxis: { type: "date" }, yaxis: { title: { text: title }, zeroline: true, zerolinewidth: 1.5 } },
  }));
}

/** Give the energies that an arc wants: it is on the scale from the calmest of the list to its most energetic. */
export function asWanted(tracks) {
  const known = tracks.map((each) => each.energy).filter((each) => each !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return tracks.map((each) => (each.energy_wanted === null || !known.length ? null : low + each.energy_wanted * (high - low)));
}

/** Draw how a list flows: energy with what was wanted, tempo with keys, and what each step costs. Titles by part. */
export function flow(label, titles, tracks) {
  const places = tracks.map((_, place) => place + 1);
  const got = tracks.map((each) => each.energy);
  const wanted = asWanted(tracks);
  const named = tracks.map((each) => each.title);
  const common = { type: "scatter", x: places, customdata: named, hovertemplate: "%{customdata}: %{y}<extra></extra>" };
  return drawn(label, 430, () => {
    const title = (text) => ({ title: { text, font: { size: 12 } }, nticks: 4 });
    return {
      traces: [
        wanted.some((each) => each !== null) && { ...common, y: wanted, mode: "lines", name: titles.wanted, line: { color: paint("unclear"), dash: "dash", width: 2 }, hoverinfo: "skip", hovertemplate: null },
        { ...common, y: got, hovertemplate: "%{customdata}: %{y:.0%}<extra></extra>", mode: "lines+markers", name: titles.energy, line: { color: paint("accent"), width: 2.5 }, marker: { size: 8 } },
        { ...common, y: tracks.map((each) => each.tempo_bpm), yaxis: "y2", mode: tracks.length > 24 ? "lines+markers" : "lines+markers+text", text: tracks.map((each) => each.camelot ?? ""), textposition: "top center", textfont: { size: 11, color: paint("soft") }, cliponaxis: false, showlegend: false, line: { color: paint("above"), width: 2 }, marker: { size: 7, symbol: "square" } },
        { ...common, type: "bar", y: tracks.map((each) => each.transition_cost), yaxis: "y3", showlegend: false, marker: { color: paint("baseline") } },
      ].filter(Boolean),
      more: {
        legend: { orientation: "h", y: 1.09, x: 0 },
        margin: { l: 8, r: 16, t: 20, b: 36 },
        bargap: 0.5,
        xaxis: { anchor: "y3", showgrid: false, tickmode: "linear", dtick: tracks.length > 24 ? 10 : tracks.length > 12 ? 2 : 1, tick0: tracks.length > 24 ? 0 : 1, range: [0.5, tracks.length + 0.5] },
        yaxis: { domain: [0.6, 1], ...title(titles.energy), tickformat: ".0%" },
        yaxis2: { ...part(), domain: [0.26, 0.5], ...title(titles.tempo) },
        yaxis3: { ...part(), domain: [0, 0.17], rangemode: "tozero", ...title(titles.step) },
      },
    };
  });
}

const part = () => ({ fixedrange: true, gridcolor: paint("rule"), zerolinecolor: paint("rule"), automargin: true });
