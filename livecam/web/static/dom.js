// Helpers: elements, text, storage, formats.

export const byId = (id) => document.getElementById(id);

/** A new element with properties and children; text is always text, never markup. */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** Change text only where it differs: screen readers and layout are left alone. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Whether an element is drawn; one that was just hidden has the focus until the next frame. */
export const isShown = (element) => element.getClientRects().length > 0;

/** A value from the browser's storage; null where there is none, or storage is forbidden. */
export function storedValue(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function storeValue(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Storage is forbidden: the choice holds until the page is closed.
  }
}

/** Seconds as 0:07, 12:34 or 1:02:03. */
export function clockText(seconds) {
  const [hours, minutes, rest] = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map(Math.floor);
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

export const percent = (share) => `${(100 * share).toFixed(1)} %`;
