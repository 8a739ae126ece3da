// Recordings and snapshots: a list, a player, downloads.

import { ask } from "./api.js";
import { byId, make } from "./dom.js";

const list = byId("files");
const player = byId("player");
let known = "";

export async function refreshFiles() {
  const files = await ask("recordings").catch(() => null);
  if (files === null || JSON.stringify(files) === known) return;
  known = JSON.stringify(files);
  byId("no-files").hidden = files.length > 0;
  list.replaceChildren(...files.map(row));
}

const address = (file) => `/api/recordings/${file.id}`;

function row(file) {
  const made = new Date(file.made_at);
  const size = file.size_bytes < 1e6
    ? `${Math.ceil(file.size_bytes / 1e3)} kB` : `${(file.size_bytes / 1e6).toFixed(1)} MB`;
  const words = `${file.kind === "video" ? "recording" : "snapshot"}, ${size}`;
  const when = made.toLocaleString([], { dateStyle: "medium", timeStyle: "medium" });
  const verb = file.kind === "video" ? "Play" : "View";
  const play = make("button", { type: "button", textContent: verb });
  play.setAttribute("aria-label", `${verb} ${words} of ${when}`);
  play.addEventListener("click", () => show(file));
  const save = make("a", { href: `${address(file)}?download`, textContent: "Save", download: file.name });
  save.setAttribute("aria-label", `Save ${words} of ${when}`);
  const label = make("span", { textContent: when, title: file.name });
  label.append(make("span", { className: "quiet", textContent: words }));
  return make("li", {}, label, play, save);
}

function show(file) {
  if (file.kind === "picture") {
    player.replaceChildren(make("img", { src: address(file), alt: `Snapshot ${file.name}` }));
    return;
  }
  const video = make("video", { src: address(file), controls: true, autoplay: true, playsInline: true });
  video.setAttribute("aria-label", `Recording ${file.name}`);
  video.addEventListener("error", () => player.replaceChildren(
    make("p", { textContent: `This browser cannot play ${file.name}: save it and play it elsewhere.` }),
  ));
  player.replaceChildren(video);
  video.focus();
}
