// A canvas as sharp as the display, whatever size the page gives it.
export class Sheet {
  constructor(canvas) {
    this.canvas = canvas;
    this.ctx = canvas.getContext("2d");
  }

  // Clear it; returns its width and height in the page's pixels.
  begin() {
    const dense = devicePixelRatio || 1;
    const { clientWidth: w, clientHeight: h } = this.canvas;
    const [width, height] = [Math.max(1, Math.round(w * dense)), Math.max(1, Math.round(h * dense))];
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    this.ctx.setTransform(dense, 0, 0, dense, 0, 0);
    this.ctx.clearRect(0, 0, w, h);
    return [w, h];
  }
}

// The largest rectangle of an aspect in the middle of a place.
export function fitted(w, h, into) {
  const scale = Math.min(into[0] / w, into[1] / h);
  return { x: (into[0] - w * scale) / 2, y: (into[1] - h * scale) / 2, scale };
}

export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
