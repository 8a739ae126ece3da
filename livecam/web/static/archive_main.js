// The start of the page of an archive: the search, and what the address asks for.

import { get } from "./api.js";
import { closeMoment, openMoment, startMomentPlayer } from "./archive_player.js";
import { clearMoments, showSearch, startMoments } from "./archive_moments.js";
import { byId, make, setText } from "./dom.js";
import { counted } from "./event_text.js";
import { askForToken, startEndOfLogins } from "./login.js";
import { startPage } from "./page_start.js";
import { showNotice } from "./status.js";

const NOTICE_MS = 1000;
const pill = byId("status");
const tables = byId("tables");
const fields = { find: byId("condition"), since: byId("since"), until: byId("until"), settings: tables };

/** What the form asks for, as the API takes it; empty fields are left out. */
function searched() {
  const entries = Object.entries(fields).map(([name, field]) => [name, field.value.trim()]);
  return new URLSearchParams(entries.filter(([, value]) => value));
}

async function search() {
  const query = searched();
  if (!query.get("find")) return;
  setText(byId("search-error"), "");
  setText(pill, "searching");
  try {
    const count = await showSearch(query);
    setText(pill, counted(count, "moment"));
    pill.className = count ? "pill live" : "pill";
    if (tables.selectedIndex === 0) query.delete("settings"); // opened again, the newest are shown
    history.replaceState(null, "", `?${query}`);
  } catch (error) {
    if (error.status === 401) askForToken();
    if (error.status) { // what is shown is not what the form says
      closeMoment();
      clearMoments();
    }
    setText(byId("search-error"), error.message);
    setText(pill, "not found");
    pill.className = "pill lost";
  }
}

function showOverview(overview) {
  setText(byId("source"), overview.title);
  document.title = `${overview.title} - livecam archive`;
  const [first = "daisy", second] = overview.classes;
  const quoted = (name) => (/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? name : `"${name}"`);
  const examples = [`max(${quoted(first)}) > 20`, second ? `${quoted(first)} > 0.5 and not ${quoted(second)} > 0.2` : `seen == ${quoted(first)}`];
  setText(byId("search-help"), `Like ${quoted(first)} > 0.8 for 2s; or ${examples.join("; or ")}. `
    + `Classes: ${overview.classes.join(", ")}. ${[counted(overview.parts, "part"), overview.made_with].filter(Boolean).join(", ")}.`);
  fields.find.placeholder = `${quoted(first)} > 0.8 for 2s`;
  if (!fields.find.value) fields.find.value = `${quoted(first)} > 0.8`;
  showTables(overview);
}

/** What was measured with other settings can be chosen. */
function showTables(overview) {
  byId("table-choice").hidden = overview.tables.length < 2;
  tables.replaceChildren(...overview.tables.map((one) => make(
    "option", { value: one.settings, textContent: `${one.settings}: ${one.words}` },
  )));
  tables.value = overview.settings;
}

async function chooseTable() {
  try {
    showOverview(await get(`archive?settings=${tables.value}`));
    await search();
  } catch (error) {
    if (error.status === 401) askForToken();
    setText(byId("search-error"), error.message);
  }
}

/** What the archive has of the settings that the address names; of the newest if it has them no longer. */
async function askedOverview(asked) {
  const settings = asked.get("settings");
  if (!settings) return get("archive");
  try {
    return await get(`archive?settings=${encodeURIComponent(settings)}`);
  } catch (error) {
    if (![400, 422].includes(error.status)) throw error;
    return get("archive");
  }
}

async function start() {
  const asked = new URLSearchParams(location.search);
  for (const name of ["find", "since", "until"]) fields[name].value = asked.get(name) ?? "";
  const overview = await askedOverview(asked);
  if (overview.asks_token) startEndOfLogins();
  showOverview(overview);
  startMoments(openMoment);
  startMomentPlayer();
  byId("search").addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
  tables.addEventListener("change", chooseTable);
  setInterval(() => showNotice("", ""), NOTICE_MS);
  await search();
}

startPage(start);
