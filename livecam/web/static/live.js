// The socket: figures come in, movements of the pointer go out. Comes back by itself.

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;

export class Live extends EventTarget {
  #socket = null;
  #waitMs = FIRST_WAIT_MS;

  connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.#socket = new WebSocket(`${scheme}://${location.host}/api/live`);
    this.#socket.onmessage = (message) => {
      this.#waitMs = FIRST_WAIT_MS;
      this.dispatchEvent(new CustomEvent("state", { detail: JSON.parse(message.data) }));
    };
    this.#socket.onopen = () => this.dispatchEvent(new Event("open"));
    this.#socket.onclose = () => {
      this.dispatchEvent(new Event("lost"));
      setTimeout(() => this.connect(), this.#waitMs);
      this.#waitMs = Math.min(2 * this.#waitMs, LONGEST_WAIT_MS);
    };
  }

  send(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}
