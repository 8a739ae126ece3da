// The socket: figures come in, movements of the pointer go out. Comes back by itself.

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;
const SILENT_MS = 12000; // the server says something every five seconds (streams.py)

export class Live extends EventTarget {
  #socket = null;
  #waitMs = FIRST_WAIT_MS;
  #silence = 0;

  connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.#socket = new WebSocket(`${scheme}://${location.host}/api/live`);
    this.#expectMore();
    this.#socket.onmessage = (message) => {
      this.#expectMore();
      this.#waitMs = FIRST_WAIT_MS;
      const state = JSON.parse(message.data);
      if (state) this.dispatchEvent(new CustomEvent("state", { detail: state }));
    };
    this.#socket.onopen = () => this.dispatchEvent(new Event("open"));
    this.#socket.onclose = () => this.#lose();
  }

  send(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #expectMore() {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#lose(), SILENT_MS);
  }

  #lose() {
    clearTimeout(this.#silence);
    // A network that is gone lets no farewell through: nothing more is heard from this one.
    Object.assign(this.#socket, { onopen: null, onmessage: null, onclose: null });
    this.#socket.close();
    this.dispatchEvent(new Event("lost"));
    setTimeout(() => this.connect(), this.#waitMs);
    this.#waitMs = Math.min(2 * this.#waitMs, LONGEST_WAIT_MS);
  }
}
