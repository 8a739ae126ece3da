// The WebSocket: receives the state, sends the pointer, and reconnects by itself.

const MIN_RETRY_MS = 500;
const MAX_RETRY_MS = 8000;
const ENDING = [1001, 1012]; // codes with which the server closes when it ends
const SILENCE_MS = 12000; // the server sends something every five seconds (page_socket.py)

export class LiveSocket extends EventTarget {
  #socket = null;
  #retryMs = MIN_RETRY_MS;
  #silenceTimer = 0;

  connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.#socket = new WebSocket(`${scheme}://${location.host}/api/live`);
    this.#restartSilenceTimer();
    this.#socket.onmessage = (message) => {
      this.#restartSilenceTimer();
      this.#retryMs = MIN_RETRY_MS;
      const state = JSON.parse(message.data);
      if (state) this.dispatchEvent(new CustomEvent("state", { detail: state }));
    };
    this.#socket.onopen = () => this.dispatchEvent(new Event("open"));
    this.#socket.onclose = (event) => this.#reconnect(ENDING.includes(event.code));
  }

  send(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #restartSilenceTimer() {
    clearTimeout(this.#silenceTimer);
    this.#silenceTimer = setTimeout(() => this.#reconnect(), SILENCE_MS);
  }

  /** `ended`: the program said that it ends. */
  #reconnect(ended = false) {
    clearTimeout(this.#silenceTimer);
    // Without a network there is no closing handshake: this socket is not listened to any more.
    Object.assign(this.#socket, { onopen: null, onmessage: null, onclose: null });
    this.#socket.close();
    this.dispatchEvent(new CustomEvent("lost", { detail: { ended } }));
    setTimeout(() => this.connect(), this.#retryMs);
    this.#retryMs = Math.min(2 * this.#retryMs, MAX_RETRY_MS);
  }
}
