// Recordings and snapshots: the list, the player, downloads.

import { get } from "./api.js";
import { byId, make } from "./dom.js";

const list = byId("files");
const player = byId("player");
let shown = "";

export async function refreshOutputFiles() {
  const files = await get("recordings").catch(() => null);
  if (files === null || JSON.stringify(files) === shown) return;
  shown = JSON.stringify(files);
  byId("no-files").hidden = files.length > 0;
  list.replaceChildren(...files.map(row));
}

const fileUrl = (file) => `/api/recordings/${file.id}`;

function row(file) {
  const made = new Date(file.made_at);
  const size = file.size_bytes < 1e6
    ? `${Math.ceil(file.size_bytes / 1e3)} kB` : `${(file.size_bytes / 1e6).toFixed(1)} MB`;
  const description = `${file.kind === "video" ? "recording" : "snapshot"}, ${size}`;
  const when = made.toLocaleString([], { dateStyle: "medium", timeStyle: "medium" });
  const verb = file.kind === "video" ? "Play" : "View";
  const play = make("button", { type: "button", textContent: verb });
  play.setAttribute("aria-label", `${verb} ${description} of ${when}`);
  play.addEventListener("click", () => show(file));
  const save = make("a", { href: `${fileUrl(file)}?download`, textContent: "Save", download: file.name });
  save.setAttribute("aria-label", `Save ${description} of ${when}`);
  const label = make("span", { textContent: when, title: file.name });
  label.append(make("span", { className: "quiet", textContent: description }));
  return make("li", {}, label, play, save);
}

function show(file) {
  if (file.kind === "picture") {
    player.replaceChildren(make("img", { src: fileUrl(file), alt: `Snapshot ${file.name}` }));
    return;
  }
  const video = make("video", { src: fileUrl(file), controls: true, autoplay: true, playsInline: true });
  video.setAttribute("aria-label", `Recording ${file.name}`);
  video.addEventListener("error", () => player.replaceChildren(
    make("p", { textContent: `This browser cannot play ${file.name}: save it and play it with another program.` }),
  ));
  player.replaceChildren(video);
  video.focus();
}
