// The picture: the stream while somebody looks, full screen, and turning the daisy.

import { byId } from "./dom.js";

const SEND_EVERY_MS = 33;
const NOTCH_PX = 100;
const KEY_DRAG_PX = 24;
const ZOOM_PER_STEP = 1.12;
const LOOK_EVERY_MS = 2000;
const STILL_MS = 6000;
const LONGEST_STILL_MS = 60000;

const scene = byId("scene");
const picture = byId("picture");
const leave = byId("leave");
let retryMs = 500;
let streams = 0;

/** Begin the stream anew; a hidden page takes no pictures. */
export function watch() {
  if (document.hidden) {
    picture.removeAttribute("src");
  } else {
    streams += 1;
    picture.src = `/api/stream.mjpg?${streams}`;
  }
}

export function startPicture() {
  picture.addEventListener("load", () => { retryMs = 500; });
  picture.addEventListener("error", () => {
    if (!picture.hasAttribute("src")) return;
    setTimeout(watch, retryMs);
    retryMs = Math.min(2 * retryMs, 8000);
  });
  document.addEventListener("visibilitychange", watch);
  // The stream never ends: begun earlier, the browser would show the page as loading for ever.
  if (document.readyState === "complete") watch();
  else window.addEventListener("load", watch, { once: true });
}

/** A browser says nothing of a stream that is cut off: a picture that stands while they are
 * counted on is begun anew. `number` counts pictures; null where it may well stand. */
export function guardPicture(number) {
  const probe = Object.assign(document.createElement("canvas"), { width: 32, height: 24 });
  const pen = probe.getContext("2d", { willReadFrequently: true });
  let [seen, counted, since, patience] = ["", null, 0, STILL_MS];
  setInterval(() => {
    const [now, counts] = [performance.now(), number()];
    if (document.hidden || counts === null || counts === counted) {
      since = now;
      return;
    }
    counted = counts;
    pen.clearRect(0, 0, probe.width, probe.height);
    if (picture.naturalWidth) pen.drawImage(picture, 0, 0, probe.width, probe.height);
    const looks = String(pen.getImageData(0, 0, probe.width, probe.height).data);
    if (looks !== seen) {
      [seen, since, patience] = [looks, now, STILL_MS];
    } else if (now - since >= patience) {
      [since, patience] = [now, Math.min(2 * patience, LONGEST_STILL_MS)]; // or it is a still life
      watch();
    }
  }, LOOK_EVERY_MS);
}

export function startFullscreen() {
  leave.addEventListener("click", () => fill(false));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && scene.classList.contains("filling")) fill(false);
  });
}

export function toggleFullscreen() {
  if (document.fullscreenElement) {
    document.exitFullscreen();
  } else if (scene.classList.contains("filling")) {
    fill(false);
  } else if (scene.requestFullscreen) {
    scene.requestFullscreen().catch(() => fill(true));
  } else {
    fill(true); // telephones that allow it for videos only
  }
}

/** The picture covers the page, or no longer. */
function fill(on) {
  scene.classList.toggle("filling", on);
  leave.hidden = !on;
  if (on) leave.focus();
  else document.querySelector("[data-key=f]")?.focus();
}

/** The width that the picture is drawn with: bars beside it are no picture. */
function drawnWidth() {
  const { clientWidth, clientHeight, naturalWidth, naturalHeight } = picture;
  return Math.min(clientWidth, (clientHeight * naturalWidth) / (naturalHeight || 1)) || 1;
}

/** Pointer, touch, wheel and keyboard turn and zoom; `send` takes messages for the socket. */
export function makeTurnable(send, frameWidth) {
  const pointers = new Map();
  const waiting = { dx: 0, dy: 0, steps: 0 };
  let timer = null;

  const flush = () => {
    timer = null;
    const { dx, dy, steps } = waiting;
    if (dx || dy) send({ drag: { dx_px: dx, dy_px: dy } });
    if (steps) send({ wheel: { steps: Math.max(-20, Math.min(20, steps)) } });
    Object.assign(waiting, { dx: 0, dy: 0, steps: 0 });
  };
  const add = (dx, dy, steps) => {
    waiting.dx += dx;
    waiting.dy += dy;
    waiting.steps += steps;
    timer ??= setTimeout(flush, SEND_EVERY_MS);
  };
  const span = () => {
    const [a, b] = [...pointers.values()];
    return Math.hypot(a.x - b.x, a.y - b.y);
  };

  scene.classList.add("turnable");
  scene.tabIndex = 0;
  scene.setAttribute("aria-label", "The scene: arrow keys turn it, plus and minus zoom");
  byId("hint").hidden = false;

  scene.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.target === leave) return;
    scene.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    scene.classList.add("held");
  });
  scene.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const spanBefore = pointers.size === 2 ? span() : 0;
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (pointers.size === 2 && spanBefore > 0 && span() > 0) {
      add(0, 0, Math.log(span() / spanBefore) / Math.log(ZOOM_PER_STEP));
    } else if (pointers.size === 1) {
      const scale = frameWidth() / drawnWidth();
      add((event.clientX - before.x) * scale, (event.clientY - before.y) * scale, 0);
    }
  });
  for (const end of ["pointerup", "pointercancel"]) {
    scene.addEventListener(end, (event) => {
      pointers.delete(event.pointerId);
      scene.classList.toggle("held", pointers.size > 0);
    });
  }
  scene.addEventListener("wheel", (event) => {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 3 : NOTCH_PX;
    add(0, 0, -event.deltaY / unit);
  }, { passive: false });
  scene.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0, 0], ArrowRight: [1, 0, 0], ArrowUp: [0, -1, 0],
      ArrowDown: [0, 1, 0], "+": [0, 0, 1], "=": [0, 0, 1], "-": [0, 0, -1] }[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    add(KEY_DRAG_PX * way[0], KEY_DRAG_PX * way[1], way[2]);
  });
}
