// Requests to the API; each refusal becomes an Error with the server's own sentence.

export class Refused extends Error {
  constructor(status, words) {
    super(words);
    this.status = status;
  }
}

async function request(method, path, body) {
  const options = { method, headers: {} };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const response = await fetch(`/api/${path}`, options);
  if (!response.ok) {
    const told = await response.json().catch(() => ({}));
    throw new Refused(response.status, told.detail || `refused (${response.status})`);
  }
  return response.status === 204 ? null : response.json();
}

export const ask = (path) => request("GET", path);
export const order = (path, body) => request("POST", path, body);
export const change = (settings) => request("PATCH", "settings", settings);
