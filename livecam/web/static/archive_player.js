// One moment: its clip from the second on where it begins, and its figures.

import { focusMoment, momentUrl, neighboursOf, openListed, placeText } from "./archive_moments.js";
import { byId, make, percent, setText } from "./dom.js";
import { dayText, lengthText, timeAfter, timeOfDay } from "./event_text.js";

const place = byId("event");
const player = byId("event-player");
const clock = byId("event-clock");
let shown = null;

export function startMomentPlayer() {
  byId("close-event").addEventListener("click", () => focusMoment(closeMoment()));
}

/** Show a moment, and play its clip from its beginning on. */
export function openMoment(moment) {
  shown = moment;
  place.hidden = false;
  setText(byId("event-title"), moment.clip);
  showFigures(moment);
  showButtons(moment);
  showLinks(moment);
  play(moment);
  byId("event-title").focus({ preventScroll: true });
  place.scrollIntoView({ block: "start" });
}

/** Show no moment any more; gives the one that was shown. */
export function closeMoment() {
  const moment = shown;
  shown = null;
  player.replaceChildren();
  place.hidden = true;
  return moment;
}

function play(moment) {
  showClock(moment, moment.start_s);
  if (!moment.playable) {
    const what = moment.of_clip ? "clip" : "picture";
    player.replaceChildren(make("p", { textContent: `The ${what} is not there any more: it was moved or deleted.` }));
    return;
  }
  if (!moment.of_clip) {
    player.replaceChildren(pictureOf(moment));
    return;
  }
  const video = make("video", { src: `${momentUrl(moment, "clip")}#t=${moment.start_s}`, controls: true, playsInline: true, preload: "auto" });
  video.setAttribute("aria-label", `${moment.clip} from ${placeText(moment.start_s)} on`);
  video.addEventListener("loadedmetadata", () => goTo(video, moment.start_s), { once: true });
  video.addEventListener("timeupdate", () => showClock(moment, video.currentTime));
  pauseAtEnd(video, moment.end_s);
  video.addEventListener("error", () => player.replaceChildren(
    pictureOf(moment),
    make("p", { textContent: `This browser cannot play ${moment.clip}: save it and play it with another program.` }),
  ));
  player.replaceChildren(video);
}

const pictureOf = (moment) =>
  make("img", { src: momentUrl(moment, "picture.jpg"), alt: "Strongest look with its map" });

/** Stop where a moment ends; who then plays on, or goes behind its end, is not stopped again. */
function pauseAtEnd(video, end) {
  let before = end;
  video.addEventListener("timeupdate", () => {
    const now = video.currentTime;
    if (!video.seeking && before < end && now >= end) video.pause();
    before = video.seeking ? end : now;
  });
}

function goTo(video, seconds) {
  video.currentTime = Math.min(seconds, video.duration || seconds);
  video.play().catch(() => {}); // without a click before, browsers may refuse
}

function showClock(moment, seconds) {
  const at = moment.start ? [`${dayText(moment.day)}, ${timeAfter(moment.start, seconds - moment.start_s)}`] : [];
  const inClip = moment.of_clip ? [`${placeText(seconds)} of the clip`] : [];
  setText(clock, [...at, ...inClip].join("; "));
}

function showFigures(moment) {
  const ofClip = [
    ["from", placeText(moment.start_s)], ["to", placeText(moment.end_s)],
    ["length", lengthText(moment.end_s - moment.start_s)], ["looks", String(moment.looks)],
    ["strongest", placeText(moment.strongest_s)],
  ];
  const rows = [...(moment.of_clip ? ofClip : []), ["sees", moment.seen]];
  if (moment.start) rows.unshift(["time", timeOfDay(moment.start)]);
  for (const one of moment.figures) {
    rows.push([one.class_name, percent(one.probability)], ["max, mean", `${one.max.toFixed(1)}, ${one.mean.toFixed(1)}`]);
  }
  byId("event-figures").replaceChildren(...rows.map(([name, value]) => make(
    "div", {}, make("dt", { textContent: name }), make("dd", { textContent: value }),
  )));
}

function showButtons(moment) {
  const { earlier, later } = neighboursOf(moment);
  const video = () => player.querySelector("video");
  const button = (word, does, isThere = true) => {
    const element = make("button", { type: "button", className: "button", textContent: word, disabled: !isThere });
    element.addEventListener("click", does);
    return element;
  };
  const ofClip = [
    button("From its beginning", () => video() && goTo(video(), moment.start_s), moment.playable),
    button("Strongest look", () => video() && goTo(video(), moment.strongest_s), moment.playable),
  ];
  byId("event-buttons").replaceChildren(
    ...(moment.of_clip ? ofClip : []),
    button("Earlier", () => openListed(earlier), Boolean(earlier)),
    button("Later", () => openListed(later), Boolean(later)),
  );
}

function showLinks(moment) {
  const links = byId("event-files");
  links.hidden = !moment.playable;
  links.replaceChildren("Save ", make("a", {
    href: `${momentUrl(moment, "clip")}?download`, download: moment.clip, textContent: moment.of_clip ? "clip" : "picture",
  }));
}
