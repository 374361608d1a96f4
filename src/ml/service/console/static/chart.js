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
