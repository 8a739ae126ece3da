// Events in words: times are those of the place where the camera stands.

import { clockText, percent } from "./dom.js";

/** "06:12:03" of an ISO time, as its own zone has it. */
export const timeOfDay = (iso) => iso.slice(11, 19);

/** "Wed, 1 July 2026" of "2026-07-01", in the words of the browser. */
export const dayText = (day) => new Date(`${day}T12:00`).toLocaleDateString(
  [], { weekday: "short", day: "numeric", month: "long", year: "numeric" },
);

/** "06:12:03.5" so many seconds after an ISO time, in the zone of that time. */
export function timeAfter(iso, seconds) {
  const zone = /([+-])(\d\d):?(\d\d)$/.exec(iso);
  const minutes = zone ? Number(`${zone[1]}1`) * (60 * Number(zone[2]) + Number(zone[3])) : 0;
  const shifted = new Date(Date.parse(iso) + 1000 * seconds + 60000 * minutes);
  return shifted.toISOString().slice(11, 21);
}

/** How long an event lasted: "18 s" or "2:05". */
export function lengthText(seconds) {
  if (seconds === null) return "goes on";
  return seconds < 60 ? `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`
    : clockText(Math.round(seconds));
}

export const probabilityText = (event) =>
  event.strongest ? percent(event.strongest.probability) : "";

/** Everything that a card shows, in one line for those who hear it. */
export function describedEvent(event) {
  const parts = [
    event.class, event.camera, timeOfDay(event.start), lengthText(event.duration_s),
    probabilityText(event), event.kept ? "kept" : "", event.state === "cut" ? "cut" : "",
  ];
  return parts.filter(Boolean).join(", ");
}

export const counted = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

export const eventUrl = (event, kind) =>
  `/api/events/${encodeURIComponent(event.event)}/${kind}`;

/** The picture of the strongest moment; another address as soon as a stronger one has come. */
export const thumbnailUrl = (event) =>
  `${eventUrl(event, "thumbnail")}?of=${encodeURIComponent(event.strongest?.at ?? "")}`;
