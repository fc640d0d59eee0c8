// The browser's camera: asked for, chosen, lost, found again.
const CHOSEN = "posecoach-camera";
const WANTED = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };
const AGAIN_MS = 2000;

export const WORDS = {
  denied: "The browser may not use the camera. Click the camera sign beside the address, allow it, and try again.",
  none: "The browser finds no camera. Plug one in; it is looked for again.",
  busy: "Another program uses the camera. Close it and try again.",
  gone: "The camera was unplugged. Plug it in again; it goes on by itself.",
};

function reason(error) {
  if (error.name === "NotAllowedError" || error.name === "SecurityError") return "denied";
  if (error.name === "NotReadableError" || error.name === "AbortError") return "busy";
  return "none";
}

export class Camera {
  // found(name): there are pictures; lost(why): there are none, why is a key of WORDS.
  constructor(video, found, lost) {
    Object.assign(this, { video, found, lost, device: localStorage.getItem(CHOSEN) ?? "" });
    navigator.mediaDevices?.addEventListener("devicechange", () => this.why && this.open());
  }

  async open(device = this.device) {
    clearTimeout(this.again);
    this.close();
    this.device = device;
    try {
      this.stream = await this.ask(device);
    } catch (error) {
      this.fail(reason(error));
      return;
    }
    this.why = "";
    const [track] = this.stream.getVideoTracks();
    track.onended = () => this.fail("gone");
    this.video.srcObject = this.stream;
    await this.video.play().catch(() => {});
    localStorage.setItem(CHOSEN, track.getSettings().deviceId ?? "");
    this.found(track.label);
  }

  async ask(device) {
    const exact = device ? { deviceId: { exact: device } } : {};
    try {
      return await navigator.mediaDevices.getUserMedia({ video: { ...WANTED, ...exact } });
    } catch (error) {
      if (device && reason(error) === "none") return this.ask(""); // that one is not there today
      throw error;
    }
  }

  fail(why) {
    this.close();
    this.why = why;
    this.lost(why);
    if (why !== "denied") this.again = setTimeout(() => this.open(), AGAIN_MS);
  }

  close() {
    for (const track of this.stream?.getTracks() ?? []) {
      track.onended = null;
      track.stop();
    }
    this.stream = null;
  }

  async list() {
    const devices = await navigator.mediaDevices.enumerateDevices();
    return devices.filter(({ kind }) => kind === "videoinput");
  }
}
