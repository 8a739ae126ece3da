// The watched cameras as tiles: last picture with its map, what is seen. One click enlarges.

import { byId, make, percent, setText } from "./dom.js";
import { timeOfDay } from "./event_text.js";

const OTHER = "other"; // as the API says it, and conditions
const SMALL_PX = 640;
const LARGE_PX = 1280;
const place = byId("cameras");
let tiles = [];

class Tile {
  #image = make("img", { draggable: false, hidden: true });
  #waiting = make("span");
  #name = make("span", { className: "name" });
  #at = make("span", { className: "at" });
  #seen = make("span", { className: "seen" });
  #badge = make("span", { className: "badge" });
  #shown = "";
  #isLoading = false;
  #camera = null;

  constructor(index) {
    this.index = index;
    this.element = make(
      "button", { className: "tile", type: "button" },
      make("span", { className: "screen" }), this.#name, this.#at, this.#seen, this.#badge,
    );
    this.element.firstChild.append(this.#image, this.#waiting);
    this.element.setAttribute("aria-pressed", "false");
    this.element.addEventListener("click", () => enlarge(this.isLarge ? null : this));
    for (const kind of ["load", "error"]) {
      this.#image.addEventListener(kind, () => {
        this.#isLoading = false;
        if (kind === "load") this.#image.hidden = false;
        this.#loadNewest();
      });
    }
  }

  get isLarge() {
    return this.element.getAttribute("aria-pressed") === "true";
  }

  set isLarge(is) {
    this.element.setAttribute("aria-pressed", String(is));
    this.#loadNewest();
  }

  show(camera) {
    this.#camera = camera;
    if (camera.width) {
      this.element.style.setProperty("--ratio", String(camera.width / camera.height));
    }
    const name = camera.name || camera.title;
    setText(this.#name, name);
    this.element.title = camera.title;
    this.#image.alt = `Last picture of ${name} with its map`;
    setText(this.#at, camera.at ? timeOfDay(camera.at) : "");
    setText(this.#waiting, waitingWords(camera));
    setText(this.#seen, seenWords(camera));
    const isOn = camera.going_on.length > 0;
    setText(this.#badge, isOn ? "event" : camera.still && !camera.over ? "still" : "");
    this.#badge.className = isOn ? "badge now" : "badge";
    this.#loadNewest();
  }

  /** One picture after the other: a slow connection gets fewer. */
  #loadNewest() {
    const side = this.isLarge || tiles.length === 1 ? LARGE_PX : SMALL_PX;
    const { name, number } = this.#camera ?? {};
    const wanted = `${name} ${number} ${side}`;
    if (!number || wanted === this.#shown || this.#isLoading || document.hidden) return;
    this.#isLoading = true;
    this.#shown = wanted;
    this.#image.src = `/api/watched/${this.index}/frame.jpg?side=${side}&number=${number}`;
  }
}

function waitingWords(camera) {
  if (camera.over) return "It is watched no longer.";
  if (camera.waiting_for) return camera.waiting_for;
  return camera.number ? "" : "waiting for the first picture";
}

function seenWords(camera) {
  if (!camera.number) return "";
  const figures = Object.entries(camera.classes).map(([name, share]) => `${name} ${percent(share)}`);
  const seen = camera.seen === OTHER ? "something else" : camera.seen;
  return `sees ${seen}${figures.length ? `; ${figures.join(", ")}` : ""}`;
}

function enlarge(chosen) {
  for (const tile of tiles) if (tile.isLarge !== (tile === chosen)) tile.isLarge = tile === chosen;
}

export function startTiles() {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) enlarge(null);
  });
}

export function showCameras(cameras) {
  place.hidden = cameras.length === 0;
  if (cameras.length !== tiles.length) {
    tiles = cameras.map((_, index) => new Tile(index));
    place.replaceChildren(...tiles.map((tile) => tile.element));
  }
  cameras.forEach((camera, index) => tiles[index].show(camera));
}
