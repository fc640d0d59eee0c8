// Takes each picture of the camera with the time it was captured, keeps it for the drawing, and
// hands it on as a packet. Never more than a few are on the way: what the coach looks at is the
// newest picture, not a queue of old ones.
const SHORT_SIDE = 540; // the pose model looks at 256 pixels of it
const MOST_ON_THE_WAY = 8; // the server keeps the newest only, so that what it takes is never old
const FORGOTTEN_MS = 1000; // an answer that has not come by then will not come

export class Capture {
  // send(packet): hand it to the coach; shown(video): a picture came that nobody answers for.
  constructor(video, send) {
    Object.assign(this, { video, send, kept: new Map(), number: 0, answeredAt: performance.now() });
    this.encoder = new Worker(new URL("./encoder.js", import.meta.url), { type: "module" });
    this.encoder.onmessage = ({ data }) => this.send(data.packet);
    this.next = (now, about) => this.take(now, about);
    video.requestVideoFrameCallback(this.next);
  }

  async take(now, about) {
    this.video.requestVideoFrameCallback(this.next);
    if (performance.now() - this.answeredAt > FORGOTTEN_MS) {
      this.kept.clear();
      this.answeredAt = performance.now();
    }
    if (this.paused || this.kept.size >= MOST_ON_THE_WAY || !this.video.videoWidth) return;
    const number = (this.number = (this.number + 1) >>> 0);
    const captured = performance.timeOrigin + (about.captureTime ?? now);
    this.kept.set(number, null);
    const { videoWidth: width, videoHeight: height } = this.video;
    const scale = Math.min(1, SHORT_SIDE / Math.min(width, height));
    const size = { resizeWidth: Math.round(width * scale), resizeHeight: Math.round(height * scale) };
    const bitmap = await createImageBitmap(this.video, size);
    if (!this.kept.has(number)) return bitmap.close();
    const picture = new OffscreenCanvas(bitmap.width, bitmap.height);
    picture.getContext("2d", { alpha: false }).drawImage(bitmap, 0, 0);
    this.kept.set(number, { picture, captured });
    this.encoder.postMessage({ bitmap, number, capturedMs: captured }, [bitmap]);
  }

  // The picture that an answer is for; it and all before it are done with.
  answered(number) {
    const found = this.kept.get(number);
    if (found === undefined) return null;
    this.answeredAt = performance.now();
    for (const each of [...this.kept.keys()]) if (each <= number) this.kept.delete(each);
    return found;
  }
}
