// The token: taken from the link, or asked for in a dialog.

import { post } from "./api.js";
import { byId, setText } from "./dom.js";

const login = (token) => post("login", { token });

/** Log in with the token behind # in the address, and remove it from there. */
export async function loginFromLink() {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (!token) return;
  history.replaceState(null, "", location.pathname); // not in the history, not on the screen
  await login(token).catch(() => {});
}

export function askForToken() {
  const dialog = byId("login");
  // Without a token there is nothing to show, and a second Esc closes a dialog in any case.
  dialog.addEventListener("close", () => dialog.showModal());
  byId("login-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await login(byId("token").value.trim());
      location.reload();
    } catch (error) {
      setText(byId("login-error"), error.message);
    }
  });
  dialog.showModal();
}
