// The line to the coach: pictures and wishes go out, scenes and words come in.
import { socketAt } from "./root.js";

const AGAIN_MS = 1000;
const FULL_BYTES = 400_000; // so much unsent, and the line is jammed: newer pictures are worth more

export class Talk {
  constructor(heard) {
    this.heard = heard;
    this.wanted = true;
    this.unsaid = [];
    this.open();
  }

  open() {
    this.line = new WebSocket(socketAt("/talk"));
    this.line.binaryType = "arraybuffer";
    this.line.onopen = () => {
      this.heard({ kind: "open" });
      for (const said of this.unsaid.splice(0)) this.line.send(said);
    };
    this.line.onmessage = ({ data }) => this.heard(JSON.parse(data));
    this.line.onclose = () => {
      if (!this.wanted) return;
      this.heard({ kind: "lost" });
      setTimeout(() => this.wanted && this.open(), AGAIN_MS);
    };
  }

  get ready() {
    return this.line.readyState === WebSocket.OPEN;
  }

  say(kind, values = {}) {
    const said = JSON.stringify({ kind, ...values });
    if (this.ready) this.line.send(said);
    else if (kind === "do") this.unsaid.push(said); // what a person asks for is not lost
  }

  send(packet) {
    if (!this.ready || this.line.bufferedAmount > FULL_BYTES) return false;
    this.line.send(packet);
    return true;
  }

  close() {
    this.wanted = false;
    this.line.close();
  }
}
