// The class chooser: a combobox with a search over all classes, and "auto", which follows what is seen.

import { changeSettings, get } from "./api.js";
import { byId, make, setText } from "./dom.js";
import { say } from "./status.js";

const input = byId("class-search");
const list = byId("class-list");
const AUTO = { index: "auto", name: "auto", names: ["auto"], kind: "follows what is seen" };
const none = byId("class-none");
let found = [];
let active = -1;
let searches = 0;
let pending = Promise.resolve([]);
let shown = "";
let typing = false;

export function startClassChooser() {
  input.addEventListener("input", search);
  input.addEventListener("focus", () => { input.select(); search(); });
  input.addEventListener("click", search);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", onKeyDown);
  // Taking the focus away before the click would close the list.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const item = event.target.closest("li");
    if (item) choose(found[Array.from(list.children).indexOf(item)].index);
  });
}

async function choose(index) {
  close();
  try {
    showClass((await changeSettings({ class: index })).settings.class);
  } catch (error) {
    say(error.message);
  }
  if (document.activeElement === input) input.select();
}

/** What is searched for: nothing while the shown class stands there untouched. */
function searchText() {
  return input.value === shown ? "" : input.value.trim();
}

/** Choose what belongs to the typed text, also when the search is not finished: what is typed or
 * left until then changes nothing any more. */
async function chooseFound() {
  const marked = found[active];
  const first = searchText() ? pending : [];
  const entry = marked ?? (await first)[0];
  if (entry) choose(entry.index);
}

function onKeyDown(event) {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (!typing) search();
    else move(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter") {
    event.preventDefault();
    chooseFound();
  } else if (event.key === "Escape") {
    close();
  }
}

/** Show the current class, unless the user is typing. */
export function showClass(name) {
  shown = name;
  if (!typing) input.value = name;
}

function search() {
  typing = true;
  pending = runSearch(++searches);
}

/** Search for the typed text, and list what is found unless this is not asked for any more. */
async function runSearch(number) {
  [found, active] = [[], -1];
  const text = searchText();
  const classes = await get(`classes?limit=80&search=${encodeURIComponent(text)}`).catch(() => []);
  const asksForAuto = text.length !== 1 && AUTO.name.startsWith(text.toLowerCase());
  const entries = asksForAuto ? [AUTO, ...classes] : classes;
  if (number !== searches || document.activeElement !== input) return entries;
  found = entries;
  list.replaceChildren(...entries.map(option));
  list.hidden = !entries.length;
  setText(none, entries.length ? "" : "no such class");
  input.setAttribute("aria-expanded", String(!list.hidden));
  input.removeAttribute("aria-activedescendant");
  return entries;
}

function option(entry, position) {
  const isToldApart = entry.name !== entry.names[0]; // its name has its kind
  const more = [entry.names.slice(1).join(", "), isToldApart ? "" : entry.kind].filter(Boolean);
  const item = make("li", { id: `class-${position}`, textContent: entry.name });
  if (more.length) item.append(make("small", { textContent: more.join(" · ") }));
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  return item;
}

function move(by) {
  if (!found.length) return;
  list.children[active]?.setAttribute("aria-selected", "false");
  active = (active + by + found.length) % found.length;
  const item = list.children[active];
  item.setAttribute("aria-selected", "true");
  item.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", item.id);
}

function close() {
  searches += 1; // a search that is not finished is ignored
  [found, typing] = [[], false];
  list.hidden = true;
  setText(none, "");
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
  input.value = shown;
}
