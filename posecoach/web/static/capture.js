// Takes pictures of the camera with the time they were captured, keeps them for the drawing, and
// hands them on as packets: each just in time to be the newest when the coach is free for it.
// Sent earlier it would grow old waiting, and packing all of them would take what the coach needs.
const SHORT_SIDE = 540; // the pose model looks at 256 pixels of it
const LEAD_MS = 25; // packing a picture and sending it
const STALE_MS = 50; // one that waits for longer is replaced by a newer one
const FORGOTTEN_MS = 1000; // what the coach looked at for so long it does not look at any more
const MOST_KEPT = 8; // pictures whose answer may still come
const SMOOTH = 0.2; // share of the newest in how long the coach looks at a picture

export class Capture {
  // send(packet): hand it to the coach.
  constructor(video, send) {
    Object.assign(this, { video, send, kept: new Map(), number: 0, busyMs: 0, lookedAt: null });
    this.sentAt = this.heardAt = performance.now();
    this.waiting = false;
    this.encoder = new Worker(new URL("./encoder.js", import.meta.url), { type: "module" });
    this.encoder.onmessage = ({ data }) => this.send(data.packet);
    this.next = (now, about) => this.take(now, about);
    video.requestVideoFrameCallback(this.next);
  }

  // Whether a picture captured now would be in time.
  get due() {
    const now = performance.now();
    if (now - this.heardAt > FORGOTTEN_MS) this.lookedAt = null;
    if (this.paused || !this.video.videoWidth) return false;
    if (this.waiting) return now - this.sentAt > STALE_MS;
    return this.lookedAt === null || now - this.lookedAt > this.busyMs - LEAD_MS;
  }

  async take(now, about) {
    this.video.requestVideoFrameCallback(this.next);
    if (!this.due) return;
    this.waiting = true;
    this.sentAt = performance.now();
    const number = (this.number = (this.number + 1) >>> 0);
    const captured = performance.timeOrigin + (about.captureTime ?? now);
    this.keep(number, null);
    const { videoWidth: width, videoHeight: height } = this.video;
    const scale = Math.min(1, SHORT_SIDE / Math.min(width, height));
    const size = { resizeWidth: Math.round(width * scale), resizeHeight: Math.round(height * scale) };
    let bitmap;
    try {
      bitmap = await createImageBitmap(this.video, size);
    } catch {
      this.kept.delete(number); // the camera has just begun, or just ended
      return;
    }
    const picture = new OffscreenCanvas(bitmap.width, bitmap.height);
    picture.getContext("2d", { alpha: false }).drawImage(bitmap, 0, 0);
    this.kept.set(number, { picture, captured });
    this.encoder.postMessage({ bitmap, number, capturedMs: captured }, [bitmap]);
  }

  keep(number, picture) {
    for (const old of [...this.kept.keys()].slice(0, -MOST_KEPT)) this.kept.delete(old);
    this.kept.set(number, picture);
  }

  // The coach looks at a picture now.
  looking(number) {
    this.heardAt = this.lookedAt = performance.now();
    if (number === this.number) this.waiting = false;
  }

  // The picture that an answer is for; it and all before it are done with.
  answered(number) {
    const found = this.kept.get(number);
    if (!found) return null;
    this.heardAt = performance.now();
    if (this.lookedAt !== null) {
      const took = this.heardAt - this.lookedAt;
      this.busyMs = this.busyMs ? this.busyMs + SMOOTH * (took - this.busyMs) : took;
      this.lookedAt = null;
    }
    for (const each of [...this.kept.keys()]) if (each <= number) this.kept.delete(each);
    return found;
  }
}
