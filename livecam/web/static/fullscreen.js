// Full screen, also where the browser has none.

import { byId } from "./dom.js";

const scene = byId("scene");
const exitButton = byId("exit-fullscreen");

export const isFullscreen = () => Boolean(document.fullscreenElement) || scene.classList.contains("filling");

/** Call this whenever full screen begins or ends. */
export function onFullscreenChange(react) {
  document.addEventListener("fullscreenchange", react);
  scene.addEventListener("fillingchange", react);
}

export function startFullscreen() {
  exitButton.addEventListener("click", () => fillPage(false));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && scene.classList.contains("filling")) fillPage(false);
  });
}

export function toggleFullscreen() {
  if (document.fullscreenElement) {
    document.exitFullscreen();
  } else if (scene.classList.contains("filling")) {
    fillPage(false);
  } else if (scene.requestFullscreen) {
    scene.requestFullscreen().catch(() => fillPage(true));
  } else {
    fillPage(true); // phones that allow full screen for videos only
  }
}

/** Let the picture cover the page, or end that. */
function fillPage(on) {
  scene.classList.toggle("filling", on);
  exitButton.hidden = !on;
  scene.dispatchEvent(new Event("fillingchange"));
  if (on) exitButton.focus();
  else document.querySelector("[data-key=f]")?.focus();
}
