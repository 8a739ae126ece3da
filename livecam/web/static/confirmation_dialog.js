// The dialog that asks before something cannot be undone.

import { byId, setText } from "./dom.js";

const dialog = byId("confirm");
let answer = () => {};

// The event "close" comes late: by then the next question may have been asked.
dialog.addEventListener("submit", (event) => answer(event.submitter?.value === "yes"));
dialog.addEventListener("close", () => {
  if (!dialog.open) answer(false);
});

/** Ask; resolves to whether the user agrees. `verb` is the label of the button that does it. */
export function confirmed(question, words, verb) {
  setText(byId("confirm-title"), question);
  setText(byId("confirm-words"), words);
  setText(byId("confirm-verb"), verb);
  answer(false);
  dialog.showModal();
  return new Promise((resolve) => {
    answer = resolve;
  });
}
