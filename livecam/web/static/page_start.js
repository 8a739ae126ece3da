// The start of every page: logs in by the link, and tries again where the server does not answer.

import { byId, setText } from "./dom.js";
import { askForToken, loginFromLink } from "./login.js";
import { say } from "./status.js";

const RELOAD_MS = 3000;

/** `start`: what the page does once it may ask the server. */
export async function startPage(start) {
  try {
    await loginFromLink();
    await start();
  } catch (error) {
    if (error.status === 401) {
      askForToken();
      return;
    }
    setText(byId("status"), "not connected");
    say(error.message);
    if (error.status || error instanceof TypeError) setTimeout(() => location.reload(), RELOAD_MS);
  }
}
