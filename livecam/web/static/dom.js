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

export const percent = (share) => `${(100 * share).toFixed(1)} %`;
