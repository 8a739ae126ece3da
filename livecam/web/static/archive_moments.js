// The moments of a search by day, pages of them; and how long they last on each day.

import { get } from "./api.js";
import { byId, make, percent, setText } from "./dom.js";
import { counted, dayText, lengthText, timeOfDay } from "./event_text.js";
import { say } from "./status.js";

const PAGE = 60;
const AHEAD = "900px";
const RETRY_MS = 2000;
const MOST_DAYS = 400;
const DAY_MS = 86_400_000;
const DAYS_A_BAR = [1, 7, 28];
const BAR_PX = 7; // with its gap: narrower ones cannot be told apart, or clicked
const LABEL_PX = 64;
const bars = byId("days");
const place = byId("events");
const more = byId("older-events");
const nothing = { search: "", moments: [], days: [], more: false, query: null };
let shown = nothing;
let isLoading = false;
let current = null;
let onOpen = () => {};

/** `open` is called with a moment that was chosen. */
export function startMoments(open) {
  onOpen = open;
  more.addEventListener("click", loadMore);
  new IntersectionObserver((seen) => {
    if (seen.some((one) => one.isIntersecting)) loadMore();
  }, { rootMargin: AHEAD }).observe(more);
  window.addEventListener("resize", () => showDays(shown.days));
}

/** Search, and show the first moments; gives how many there are. */
export async function showSearch(query) {
  const page = await get(`moments?limit=${PAGE}&${query}`);
  clearMoments();
  shown = { search: page.search, moments: [], days: page.days, more: page.more, query };
  add(page.moments);
  const length = page.count ? `, ${lengthText(page.seconds)} together` : "";
  setText(byId("events-count"), page.count ? `${counted(page.count, "moment")}${length}` : "");
  byId("no-events").hidden = page.count > 0;
  setText(byId("no-events"), `Nothing in this archive is like ${page.condition}.`);
  byId("left-out").hidden = page.notices.length === 0;
  setText(byId("left-out"), page.notices.join("; "));
  showDays(page.days);
  return page.count;
}

/** Show none, like before the first search. */
export function clearMoments() {
  shown = nothing;
  place.replaceChildren();
  for (const one of [bars, more, byId("no-events"), byId("left-out")]) one.hidden = true;
  setText(byId("events-count"), "");
}

async function loadMore() {
  if (isLoading || !shown.more) return;
  isLoading = true;
  const { query } = shown;
  try {
    const page = await get(`moments?limit=${PAGE}&first=${shown.moments.length}&${query}`);
    if (shown.query === query && page.search === shown.search) {
      shown.more = page.more;
      add(page.moments);
    }
  } catch (error) {
    say(error.message);
  } finally {
    isLoading = false;
  }
}

function add(moments) {
  for (const moment of moments) {
    moment.search = shown.search;
    shown.moments.push(moment);
    listOf(moment.day).append(make("li", {}, card(moment)));
  }
  more.hidden = !shown.more;
}

const dayTitle = (day) => (day === "unknown" ? "No time of day" : dayText(day));

function listOf(day) {
  const id = `day-${day}`;
  const known = byId(id);
  if (known) return known.lastChild;
  const list = make("ul", { className: "event-list" });
  place.append(make("section", { id }, make("h3", { textContent: dayTitle(day) }), list));
  return list;
}

/** A place in a clip: 1:02.5. */
export function placeText(seconds) {
  const tenths = Math.round(seconds * 10);
  const whole = Math.floor(tenths / 10);
  const minutes = Math.floor(whole / 60);
  const hours = Math.floor(minutes / 60);
  const two = (number) => String(number).padStart(2, "0");
  const clock = hours ? `${hours}:${two(minutes % 60)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
  return `${clock}.${tenths % 10}`;
}

/** When it begins and how long it lasts; a picture has neither a place in a clip nor a length. */
function whenWords(moment) {
  const at = moment.start ? [timeOfDay(moment.start)] : [];
  if (!moment.of_clip) return at;
  return [at[0] ?? placeText(moment.start_s), lengthText(moment.end_s - moment.start_s)];
}

export const momentUrl = (moment, file) => `/api/moments/${moment.search}/${moment.number}/${file}`;

function card(moment) {
  const picture = moment.playable
    ? make("img", { loading: "lazy", decoding: "async", alt: "", src: momentUrl(moment, "picture.jpg") })
    : make("span", { className: "no-picture" });
  picture.addEventListener("error", () => setTimeout(() => { // too many at once
    if (picture.isConnected) picture.src = `${momentUrl(moment, "picture.jpg")}?again`;
  }, RETRY_MS), { once: true });
  const [first] = moment.figures;
  const name = first ? first.class_name : moment.seen;
  const probability = first ? percent(first.probability) : "";
  const words = [...whenWords(moment), moment.clip].join(", ");
  const badges = make("span", { className: "badges" });
  if (!moment.playable) badges.append(make("span", { className: "badge", textContent: "clip is gone" }));
  const element = make(
    "button", { type: "button", className: "event" }, picture,
    make("span", { className: "name", textContent: name }),
    make("span", { className: "probability", textContent: probability }),
    make("span", { className: "when", textContent: words }), badges,
  );
  element.setAttribute("aria-label", `${name} ${probability}, ${words}`);
  element.addEventListener("click", () => {
    markCurrent(element);
    onOpen(moment);
  });
  moment.element = element;
  return element;
}

function markCurrent(element) {
  current?.setAttribute("aria-current", "false");
  element?.setAttribute("aria-current", "true");
  current = element;
}

/** The moments before and after one, as the list has them. */
export function neighboursOf(moment) {
  return { earlier: shown.moments[moment.number - 1], later: shown.moments[moment.number + 1] };
}

/** Open another moment of the list. */
export function openListed(moment) {
  markCurrent(moment.element);
  onOpen(moment);
}

export function focusMoment(moment) {
  markCurrent(null);
  (moment?.element ?? place).focus();
}

/** A bar for each day between the first and the last; for several days together where they are too many. */
function showDays(days) {
  const known = new Map(days.filter((one) => one.day !== "unknown").map((one) => [one.day, one]));
  bars.hidden = known.size < 2;
  if (bars.hidden) return;
  const names = [...known.keys()].sort();
  const [first, last] = [names[0], names.at(-1)].map((day) => Date.parse(`${day}T12:00Z`));
  const count = Math.min(MOST_DAYS, Math.round((last - first) / DAY_MS) + 1);
  const every = Array.from({ length: count }, (_, n) => new Date(last - (count - 1 - n) * DAY_MS).toISOString().slice(0, 10));
  const each = DAYS_A_BAR.find((days) => count / days <= bars.clientWidth / BAR_PX) ?? DAYS_A_BAR.at(-1);
  const groups = Array.from({ length: Math.ceil(count / each) }, (_, n) => every.slice(n * each, (n + 1) * each));
  const found = groups.map((group) => group.map((day) => known.get(day)).filter(Boolean));
  const most = Math.max(...found.map((group) => sumOf(group, "seconds")), 1e-9);
  const step = Math.max(1, Math.ceil(groups.length / Math.max(2, Math.min(8, Math.floor(bars.clientWidth / LABEL_PX)))));
  bars.replaceChildren(...groups.map((group, n) => bar(group, found[n], most, n % step === 0 && n + step / 2 < groups.length)));
}

const sumOf = (group, figure) => group.reduce((sum, one) => sum + one[figure], 0);

function bar(days, found, most, isNamed) {
  const label = isNamed ? new Date(`${days[0]}T12:00`).toLocaleDateString([], { day: "numeric", month: "short" }) : "";
  const name = days.length > 1 ? `${dayText(days[0])} to ${dayText(days.at(-1))}` : dayText(days[0]);
  const seconds = sumOf(found, "seconds");
  const words = found.length ? `${name}: ${counted(sumOf(found, "moments"), "moment")}, ${lengthText(seconds)}` : name;
  const element = make(
    "button", { type: "button", title: words, disabled: !found.length },
    make("span"), make("span", { textContent: label }),
  );
  element.setAttribute("aria-label", words);
  element.firstChild.style.setProperty("--share", String(seconds / most));
  element.addEventListener("click", () => goTo(found[0].day));
  return element;
}

/** Scroll to a day; its moments may have to be loaded first. */
async function goTo(day) {
  while (!byId(`day-${day}`) && shown.more) await loadMore();
  byId(`day-${day}`)?.scrollIntoView({ block: "start", behavior: "smooth" });
}
