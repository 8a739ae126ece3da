// The figures card: class, probability, max, mean, FPS, latency, age, dropped, top five.

import { byId, make, percent, setText } from "./dom.js";

const LATE_MS = 2000;
const topRows = [];

export function showFigures(state) {
  const { figures, recording } = state;
  setText(byId("class-name"), figures.class);
  setText(byId("probability"), percent(figures.probability));
  byId("probability-bar").style.width = percent(figures.probability).replace(" ", "");
  setText(byId("max"), figures.max.toFixed(1));
  setText(byId("mean"), figures.mean.toFixed(1));
  setText(byId("fps"), figures.fps === null ? "–" : figures.fps.toFixed(1));
  setText(byId("latency"), `${figures.latency_ms.toFixed(0)} ms`);
  setText(byId("dropped"), String(state.dropped + recording.dropped));
  byId("dropped").classList.toggle("some", recording.dropped > 0);
  byId("map-kind").hidden = !figures.approximate;
  showTop(figures);
  markOld(state.waiting ? "the source is lost" : "");
}

function showTop(figures) {
  while (topRows.length < figures.top.length) {
    const row = { name: make("span"), probability: make("span"), bar: make("span") };
    row.item = make("li", {}, row.name, row.probability, make("span", { className: "track" }, row.bar));
    byId("top").append(row.item);
    topRows.push(row);
  }
  figures.top.forEach(([name, probability], position) => {
    const row = topRows[position];
    setText(row.name, name);
    setText(row.probability, percent(probability));
    row.bar.style.width = `${(100 * probability).toFixed(1)}%`;
    row.item.classList.toggle("shown", name === figures.class);
  });
}

/** Say why the figures are old, "" where they are not. */
export function markOld(reason) {
  byId("figures").classList.toggle("old", reason !== "");
  setText(byId("old"), reason && `old figures: ${reason}`);
}

/** The age of the picture: from the server, plus the time since its message. */
export function showAge(ageMs) {
  setText(byId("age"), ageMs < 1000 ? `${ageMs.toFixed(0)} ms` : `${(ageMs / 1000).toFixed(1)} s`);
  byId("age").classList.toggle("late", ageMs > LATE_MS);
}
