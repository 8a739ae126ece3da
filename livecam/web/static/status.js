// The status at the top right (live, paused, recording, not connected) and the notice line.

import { byId, setText } from "./dom.js";

const NOTICE_MS = 5000;
const pill = byId("status");
const notice = byId("notice");
let noticeUntil = 0;

/** Show a message of this page for a while. */
export function say(text) {
  setText(notice, text);
  noticeUntil = performance.now() + NOTICE_MS;
}

/** Show the server's notice when it is new; without one, remove the last when its time is over. */
export function showNotice(text, textBefore) {
  if (text && text !== textBefore) {
    say(text);
  } else if (!text && performance.now() > noticeUntil) {
    setText(notice, "");
  }
}

export function showStatus({ recording, settings, waiting }) {
  let [text, kind] = ["live", "live"];
  if (settings.paused) [text, kind] = ["paused", ""];
  if (recording.wanted) [text, kind] = ["recording", "recording"];
  if (waiting) [text, kind] = ["waiting for the source", "lost"];
  if (recording.failed) [text, kind] = ["not recording", "lost"];
  setText(pill, text);
  pill.className = `pill ${kind}`;
}

/** `ended`: the program has ended, and was not lost. */
export function showDisconnected(ended) {
  setText(pill, ended ? "ended" : "not connected");
  pill.className = "pill lost";
  setText(byId("lost"), ended
    ? "livecam has ended. This page goes on when it is started again."
    : "The connection is lost. Trying again.");
  byId("lost").hidden = false;
}

/** `message`: what the start of the program waits for. */
export function showStarting(message) {
  setText(pill, "starting");
  pill.className = "pill lost";
  setText(byId("lost"), message);
  byId("lost").hidden = false;
}

export function showConnected() {
  byId("lost").hidden = true;
}
