// The class chooser: a combobox over all labels.

import { ask, change } from "./api.js";
import { byId, make } from "./dom.js";

const input = byId("class-search");
const list = byId("class-list");
let found = [];
let active = -1;
let asked = 0;
let shown = "";

export function startClasses(complain) {
  input.addEventListener("input", search);
  input.addEventListener("focus", () => { input.select(); search(); });
  input.addEventListener("click", search);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", onKeyDown);
  // Taking the focus away before the click would close the list.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const item = event.target.closest("li");
    if (item) choose(found[[...list.children].indexOf(item)]);
  });

  async function choose(entry) {
    if (!entry) return;
    close();
    try {
      showClass((await change({ class: entry.index })).settings.class);
    } catch (error) {
      complain(error.message);
    }
    input.select();
  }

  function onKeyDown(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) search();
      else move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(found[active] ?? found[0]);
    } else if (event.key === "Escape") {
      close();
    }
  }
}

/** The class that is shown, unless somebody is typing. */
export function showClass(name) {
  shown = name;
  if (list.hidden) input.value = name;
}

async function search() {
  const mine = ++asked;
  const text = input.value === shown ? "" : input.value;
  const entries = await ask(`classes?limit=80&search=${encodeURIComponent(text)}`).catch(() => []);
  if (mine !== asked || document.activeElement !== input) return;
  found = entries;
  active = -1;
  list.replaceChildren(...entries.map(option));
  if (!entries.length) list.append(make("li", { textContent: "no such class" }));
  list.hidden = false;
  input.setAttribute("aria-expanded", "true");
  input.removeAttribute("aria-activedescendant");
}

function option(entry, place) {
  const others = entry.names.slice(1).join(", ");
  const item = make("li", { id: `class-${place}`, textContent: entry.names[0] });
  if (others) item.append(make("small", { textContent: others }));
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
  asked += 1;
  list.hidden = true;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
  input.value = shown;
}
