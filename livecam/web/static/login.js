// The token: taken from the link, or asked for in a dialog.

import { post, remove } from "./api.js";
import { confirmed } from "./confirmation_dialog.js";
import { byId, setText } from "./dom.js";
import { say } from "./status.js";

// In the header as well: by that the server counts the attempt, and not with those of strangers
// who share the address. A header holds no other letters.
const login = (token) =>
  post("login", { token }, /^[!-~]+$/.test(token) ? { Authorization: `Bearer ${token}` } : {});

/** Log in with the token behind # in the address, and remove it from there. */
export async function loginFromLink() {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (!token) return;
  history.replaceState(null, "", location.pathname + location.search); // not in the history, not on the screen
  try {
    await login(token);
  } catch (error) {
    byId("token").value = token; // one press repeats it
    askForToken(error.message);
  }
}

/** Ask for the token; `message` is said as well. */
export function askForToken(message = "") {
  const dialog = byId("login");
  if (message) setText(byId("login-error"), message);
  if (dialog.open) return;
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

/** The button that logs everybody out. */
export function startEndOfLogins() {
  byId("logins").hidden = false;
  byId("end-logins").addEventListener("click", async () => {
    const words = "Everybody, you as well, has to open the link or give the token again.";
    if (!(await confirmed("End all logins?", words, "End them"))) return;
    try {
      const { lasting } = await remove("logins");
      askForToken(lasting ? "All logins are ended." : "All logins are ended until livecam is started "
        + "again: change the token that it was given, or use --token-file.");
    } catch (error) {
      say(error.message);
    }
  });
}
