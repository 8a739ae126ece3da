// Turning and zooming the scene (the daisy) by pointer, touch, wheel and keyboard.

import { byId } from "./dom.js";

const SEND_INTERVAL_MS = 33;
const WHEEL_STEP_PX = 100;
const KEY_DRAG_PX = 24;
const ZOOM_PER_STEP = 1.12;

const scene = byId("scene");
const picture = byId("picture");

/** The width of the picture on the page, without the bars beside it. */
function drawnWidth() {
  const { clientWidth, clientHeight, naturalWidth, naturalHeight } = picture;
  return Math.min(clientWidth, (clientHeight * naturalWidth) / (naturalHeight || 1)) || 1;
}

/** Pointer, touch, wheel and keyboard turn and zoom the scene; `send` sends a message. */
export function makeTurnable(send, frameWidth) {
  const pointers = new Map();
  const pending = { dx: 0, dy: 0, steps: 0 };
  let timer = null;

  const flush = () => {
    timer = null;
    const { dx, dy, steps } = pending;
    if (dx || dy) send({ drag: { dx_px: dx, dy_px: dy } });
    if (steps) send({ wheel: { steps: Math.max(-20, Math.min(20, steps)) } });
    Object.assign(pending, { dx: 0, dy: 0, steps: 0 });
  };
  const add = (dx, dy, steps) => {
    pending.dx += dx;
    pending.dy += dy;
    pending.steps += steps;
    timer ??= setTimeout(flush, SEND_INTERVAL_MS);
  };
  const distance = () => {
    const [a, b] = [...pointers.values()];
    return Math.hypot(a.x - b.x, a.y - b.y);
  };

  scene.classList.add("turnable");
  scene.tabIndex = 0;
  scene.setAttribute("aria-label", "The scene: arrow keys turn it, plus and minus zoom");
  byId("hint").hidden = false;

  scene.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.target.id === "exit-fullscreen") return;
    scene.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    scene.classList.add("dragging");
  });
  scene.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const distanceBefore = pointers.size === 2 ? distance() : 0;
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (pointers.size === 2 && distanceBefore > 0 && distance() > 0) {
      add(0, 0, Math.log(distance() / distanceBefore) / Math.log(ZOOM_PER_STEP));
    } else if (pointers.size === 1) {
      const scale = frameWidth() / drawnWidth();
      add((event.clientX - before.x) * scale, (event.clientY - before.y) * scale, 0);
    }
  });
  for (const end of ["pointerup", "pointercancel"]) {
    scene.addEventListener(end, (event) => {
      pointers.delete(event.pointerId);
      scene.classList.toggle("dragging", pointers.size > 0);
    });
  }
  scene.addEventListener("wheel", (event) => {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 3 : WHEEL_STEP_PX;
    add(0, 0, -event.deltaY / unit);
  }, { passive: false });
  scene.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-1, 0, 0], ArrowRight: [1, 0, 0], ArrowUp: [0, -1, 0],
      ArrowDown: [0, 1, 0], "+": [0, 0, 1], "=": [0, 0, 1], "-": [0, 0, -1] }[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    add(KEY_DRAG_PX * step[0], KEY_DRAG_PX * step[1], step[2]);
  });
}
