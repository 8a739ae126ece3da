// Recordings and snapshots: the list, the player, downloads, deletion.

import { get, remove } from "./api.js";
import { confirmed } from "./confirmation_dialog.js";
import { byId, clockText, make } from "./dom.js";
import { say } from "./status.js";

const PAGE = 200; // as many the server lists at once
const list = byId("files");
const player = byId("player");
const older = byId("older-files");
let shown = "";
let pages = 1;
let playing = null;

export function startOutputFiles() {
  older.addEventListener("click", () => {
    pages += 1;
    refreshOutputFiles();
  });
}

export async function refreshOutputFiles() {
  const files = await loaded().catch(() => null);
  if (files === null || JSON.stringify(files) === shown) return;
  shown = JSON.stringify(files);
  byId("no-files").hidden = files.length > 0;
  older.hidden = files.length < pages * PAGE;
  list.replaceChildren(...files.map(row));
}

/** The newest files, as many pages of them as the user wants to see. */
async function loaded() {
  const files = [];
  for (let page = 0; page < pages; page += 1) {
    const next = await get(`recordings?after=${files.at(-1)?.id ?? ""}`);
    files.push(...next);
    if (next.length < PAGE) break;
  }
  return files;
}

const fileUrl = (file) => `/api/recordings/${file.id}`;

function row(file) {
  const kind = file.kind === "video" ? "recording" : "snapshot";
  const when = new Date(file.made_at).toLocaleString([], { dateStyle: "medium", timeStyle: "medium" });
  const size = file.size_bytes < 1e6
    ? `${Math.ceil(file.size_bytes / 1e3)} kB` : `${(file.size_bytes / 1e6).toFixed(1)} MB`;
  const length = file.duration_s === null ? [] : [clockText(Math.round(file.duration_s))];
  const label = make("span", { className: "name", textContent: file.name, title: file.name });
  label.append(make("span", { className: "quiet", textContent: [kind, ...length, size, when].join(", ") }));
  const verb = file.kind === "video" ? "Play" : "View";
  const named = (element, word) => {
    element.setAttribute("aria-label", `${word} ${kind} ${file.name}`);
    return element;
  };
  const button = (word, action) => {
    const element = make("button", { type: "button", textContent: word });
    element.addEventListener("click", action);
    return named(element, word);
  };
  const save = make("a", { href: `${fileUrl(file)}?download`, textContent: "Save", download: file.name });
  return make(
    "li", {}, label, button(verb, () => show(file)), named(save, "Save"),
    button("Delete", () => askAndDelete(file, kind)),
  );
}

async function askAndDelete(file, kind) {
  const names = [file.name, ...file.companions];
  const verb = names.length > 1 ? "(its figures) are" : "is";
  const words = `${names.join(" and ")} ${verb} deleted from the disk of the machine that livecam runs on.`;
  if (!(await confirmed(`Delete this ${kind}?`, words, "Delete"))) return;
  if (playing === file.id) player.replaceChildren(); // some systems keep a file that is read
  try {
    await remove(`recordings/${file.id}`);
    say(`deleted ${names.join(" and ")}`);
  } catch (error) {
    say(error.message);
  }
  await refreshOutputFiles();
  list.focus();
}

function show(file) {
  playing = file.id;
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
