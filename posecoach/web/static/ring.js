// The large ring: how much of a hold is over, and what is in its middle.
import { draw } from "./strokes.js";
import { Sheet, colour } from "./sheet.js";

const FIGURE = 1000; // the drawing of the start pose, in scene_data.py
const FONT = 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
const TONES = { good: "tone-good", step: "tone-step", pause: "stage-quiet" };

function arc(ctx, x, y, radius, share, stroke, width) {
  ctx.beginPath();
  ctx.arc(x, y, radius, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * share);
  Object.assign(ctx, { strokeStyle: stroke, lineWidth: width, lineCap: share < 1 ? "round" : "butt" });
  ctx.stroke();
}

function line(ctx, points, width, stroke) {
  ctx.beginPath();
  for (const [x, y] of points) ctx.lineTo(x, y);
  Object.assign(ctx, { strokeStyle: stroke, lineWidth: width, lineCap: "round", lineJoin: "round" });
  ctx.stroke();
}

const GLYPHS = {
  check: (ctx, x, y, s, tone) =>
    line(ctx, [[-0.5, 0.05], [-0.15, 0.4], [0.5, -0.38]].map(([a, b]) => [x + a * s, y + b * s]), s * 0.16, tone),
  pause: (ctx, x, y, s, tone, text) => {
    for (const side of [-1, 1])
      line(ctx, [[x + side * s * 0.24, y - s * 0.38], [x + side * s * 0.24, y + s * 0.38]], s * 0.2, text);
  },
  eye: (ctx, x, y, s, tone, text) => {
    ctx.beginPath();
    ctx.ellipse(x, y, s * 0.6, s * 0.36, 0, 0, 2 * Math.PI);
    Object.assign(ctx, { strokeStyle: text, lineWidth: s * 0.08 });
    ctx.stroke();
    line(ctx, [[x - s * 0.5, y + s * 0.5], [x + s * 0.5, y - s * 0.5]], s * 0.1, text);
  },
};

export class Ring {
  constructor(canvas) {
    this.canvas = canvas;
    this.sheet = new Sheet(canvas);
  }

  show({ ring, figure }) {
    const { ctx } = this.sheet;
    const [w, h] = this.sheet.begin();
    const [x, y, outer] = [w / 2, h / 2, Math.min(w, h) / 2 - 2];
    if (outer < 8) return;
    const width = outer * 0.17;
    const radius = outer - width / 2;
    const [tone, text] = [colour(TONES[ring.tone] ?? "tone-step"), colour("stage-text")];
    arc(ctx, x, y, radius, 1, colour("stage-track"), width);
    if (ring.fraction > 0) arc(ctx, x, y, radius, ring.fraction, tone, width);
    if (ring.last) arc(ctx, x, y, radius - width * 0.8, 1, text, width * 0.16);
    const room = radius - width * 0.8;
    if (figure) {
      const side = room * 1.3;
      ctx.save();
      ctx.translate(x - side / 2, y - side / 2);
      ctx.scale(side / FIGURE, side / FIGURE);
      draw(ctx, figure);
      ctx.restore();
    }
    GLYPHS[ring.glyph]?.(ctx, x, y, room * 1.2, tone, text);
    Object.assign(ctx, { textAlign: "center", textBaseline: "middle" });
    if (ring.number) {
      ctx.font = `700 ${room * (ring.last ? 1.25 : 1.05)}px ${FONT}`;
      ctx.fillStyle = text;
      ctx.fillText(ring.number, x, y - room * 0.08, room * 1.7);
    }
    if (ring.label) {
      ctx.font = `600 ${room * 0.25}px ${FONT}`;
      ctx.fillStyle = colour("stage-quiet");
      ctx.fillText(ring.label, x, y + room * 0.58, room * 1.3); // inside of the inner circle
    }
    this.canvas.setAttribute("aria-label", [ring.number, ring.label || ring.glyph].filter(Boolean).join(" "));
  }
}
