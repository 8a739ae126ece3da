// The list of events by day, newest first: pages of it, loaded when they come into sight.

import { get } from "./api.js";
import { refreshDay } from "./day_view.js";
import { byId, make, setText } from "./dom.js";
import {
  chooseDay, filterQuery, isFiltered, resetFilter, showCounts, startFilter,
} from "./event_filter.js";
import {
  counted, dayText, describedEvent, lengthText, probabilityText, thumbnailUrl, timeOfDay,
} from "./event_text.js";
import { say } from "./status.js";

const PAGE = 60;
const AHEAD = "900px";
const RETRY_MS = 2000;
const place = byId("events");
const older = byId("older-events");
const none = byId("no-events");
let events = []; // newest first
let cards = new Map(); // of events, by their ids
let days = new Map(); // their sections
let hasMore = false;
let isLoading = false;
let isStale = false;
let current = "";
let onOpen = () => {};
let onListed = () => {};
let isWatching = false;

/** `open` is called with an event that was chosen, `listedAnew` when the list has changed. */
export function startEvents(open, listedAnew, watching) {
  onOpen = open;
  onListed = listedAnew;
  isWatching = watching;
  startFilter(() => {
    events = [];
    refreshEvents();
  });
  older.addEventListener("click", loadOlder);
  new IntersectionObserver((seen) => {
    if (seen.some((one) => one.isIntersecting)) loadOlder();
  }, { rootMargin: AHEAD }).observe(older);
}

/** Load the newest ones again: something has changed. */
export async function refreshEvents() {
  if (isLoading) {
    isStale = true;
    return;
  }
  isLoading = true;
  try {
    do {
      isStale = false;
      const query = filterQuery();
      const [counts, page] = await Promise.all([get(`event-counts?${query}`), get(`events?limit=${PAGE}&${query}`)]);
      if (String(query) === String(filterQuery())) show(counts, page);
      else isStale = true;
    } while (isStale);
  } catch (error) {
    if (error.status === 429) setTimeout(refreshEvents, RETRY_MS);
    else if (error.status) say(error.message);
  } finally {
    isLoading = false;
  }
}

async function loadOlder() {
  if (isLoading || !hasMore || events.length === 0) return;
  isLoading = true;
  const query = filterQuery();
  try {
    const page = await get(`events?limit=${PAGE}&after=${encodeURIComponent(events.at(-1).event)}&${query}`);
    if (String(query) === String(filterQuery())) {
      events.push(...page.events);
      hasMore = page.more;
      draw();
    }
  } catch (error) {
    if (error.status) say(error.message);
  } finally {
    isLoading = false;
  }
  if (isStale) refreshEvents();
}

function show(counts, page) {
  const last = page.events.at(-1);
  const rest = page.more ? events.filter((one) => Date.parse(one.start) < Date.parse(last.start)) : [];
  if (rest.length === 0) hasMore = page.more;
  events = [...page.events, ...rest];
  showCounts(counts);
  refreshDay();
  draw();
  const shownDays = counts.days.filter((one) => ["*", one.day].includes(byId("filter-day").value));
  const total = shownDays.reduce((all, one) => all + one.events, 0);
  setText(byId("events-count"), total ? `${counted(total, "event")} on ${counted(shownDays.length, "day")}` : "");
}

function draw() {
  const wanted = new Map();
  for (const event of events) {
    if (!wanted.has(event.day)) wanted.set(event.day, []);
    wanted.get(event.day).push(card(event));
  }
  cards = new Map(events.map((event) => [event.event, cards.get(event.event)]));
  days = new Map([...wanted].map(([day, elements]) => [day, dayOf(day, elements)]));
  const sections = [...days.values()].map((one) => one.section);
  if (sections.length !== place.children.length || sections.some((one, n) => place.children[n] !== one)) {
    place.replaceChildren(...sections);
  }
  older.hidden = !hasMore;
  drawNone();
  onListed();
}

function dayOf(day, elements) {
  const known = days.get(day);
  const list = known?.list ?? make("ul", { className: "event-list" });
  const isSame = list.children.length === elements.length && elements.every((one, n) => list.children[n] === one);
  if (!isSame) list.replaceChildren(...elements);
  return known ?? { list, section: make("section", {}, make("h3", {}, dayButton(day)), list) };
}

/** The name of a day, which shows that day alone, with its records. */
function dayButton(day) {
  const button = make("button", { type: "button", className: "day-link", textContent: dayText(day), title: "Show this day" });
  button.addEventListener("click", () => chooseDay(day));
  return button;
}

function drawNone() {
  none.hidden = events.length > 0;
  if (events.length > 0) return;
  if (isFiltered()) {
    const all = make("button", { type: "button", className: "button", textContent: "Show all" });
    all.addEventListener("click", () => {
      resetFilter();
      refreshEvents();
    });
    none.replaceChildren("No event is like that. ", all);
  } else {
    none.replaceChildren(isWatching
      ? "None yet. One appears here as soon as it begins."
      : "This folder has no events.");
  }
}

/** The element of an event, made anew only where it has changed. */
function card(event) {
  const text = JSON.stringify(event);
  const known = cards.get(event.event);
  if (known?.text === text) return known.element;
  const element = known?.element ?? make("li");
  element.replaceChildren(button(event));
  cards.set(event.event, { text, element });
  return element;
}

function button(event) {
  const picture = event.files.thumbnail
    ? make("img", { loading: "lazy", decoding: "async", alt: "", src: thumbnailUrl(event) })
    : make("span", { className: "no-picture" });
  picture.addEventListener("error", () => setTimeout(() => { // too many at once
    if (picture.isConnected) picture.src = thumbnailUrl(event);
  }, RETRY_MS), { once: true });
  const badges = make("span", { className: "badges" });
  const badge = (word, kind) => badges.append(make("span", { className: `badge ${kind}`, textContent: word }));
  if (event.state === "open") badge("now", "now");
  if (event.state === "cut") badge("cut", "");
  if (event.kept) badge("kept", "kept");
  const length = event.state === "open" ? "" : lengthText(event.duration_s).replace(" ", "\u00a0");
  const when = [timeOfDay(event.start), length, event.camera].filter(Boolean).join(", ");
  const element = make(
    "button", { type: "button", className: "event", title: event.why }, picture,
    make("span", { className: "name", textContent: event.class }),
    make("span", { className: "probability", textContent: probabilityText(event) }),
    make("span", { className: "when", textContent: when }), badges,
  );
  element.setAttribute("aria-label", describedEvent(event));
  element.setAttribute("aria-current", String(event.event === current));
  element.addEventListener("click", () => onOpen(event));
  return element;
}

/** Mark the event that is open; "" for none. */
export function markCurrent(id) {
  for (const [of, { element }] of cards) {
    if (of === current || of === id) element.firstChild.setAttribute("aria-current", String(of === id));
  }
  current = id;
}

/** The neighbours of an event among those of the filter, also where the list has not loaded it. */
export async function neighboursOf(id) {
  const next = async (way) => (await get(`events?limit=1&${way}=${encodeURIComponent(id)}&${filterQuery()}`)).events[0];
  const [newer, older] = await Promise.all([next("before"), next("after")]);
  return { newer, older };
}

export function focusEvent(id) {
  (cards.get(id)?.element.firstChild ?? place).focus();
}
