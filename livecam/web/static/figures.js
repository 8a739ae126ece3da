// The figures as text and bars.

import { byId, make, percent, setText } from "./dom.js";

const LATE_S = 2;
const rows = [];

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
  showTop(figures);
}

function showTop(figures) {
  while (rows.length < figures.top.length) {
    const row = { name: make("span"), share: make("span"), bar: make("span") };
    row.item = make("li", {}, row.name, row.share, make("span", { className: "track" }, row.bar));
    byId("top").append(row.item);
    rows.push(row);
  }
  figures.top.forEach(([name, share], place) => {
    const row = rows[place];
    setText(row.name, name);
    setText(row.share, percent(share));
    row.bar.style.width = `${(100 * share).toFixed(1)}%`;
    row.item.classList.toggle("shown", name === figures.class);
  });
}

/** How old the picture is: told by the server, and counted on here while nothing comes. */
export function showAge(ageMs) {
  const late = ageMs > 1000 * LATE_S;
  setText(byId("age"), ageMs < 1000 ? `${ageMs.toFixed(0)} ms` : `${(ageMs / 1000).toFixed(1)} s`);
  byId("age").classList.toggle("late", late);
}
