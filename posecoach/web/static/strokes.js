// Draws a sketch (screen/sketch.py): a list of strokes, each a kind and its numbers.
const FONT = 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

function path(ctx, points) {
  ctx.beginPath();
  for (let at = 0; at < points.length; at += 2) ctx.lineTo(points[at], points[at + 1]);
}

const KINDS = {
  line(ctx, colour, width, points) {
    path(ctx, points);
    Object.assign(ctx, { strokeStyle: colour, lineWidth: width });
    ctx.stroke();
  },
  fill(ctx, colour, points) {
    path(ctx, points);
    ctx.fillStyle = colour;
    ctx.fill();
  },
  disc(ctx, colour, x, y, radius) {
    ctx.beginPath();
    ctx.arc(x, y, radius, 0, 2 * Math.PI);
    ctx.fillStyle = colour;
    ctx.fill();
  },
  hoop(ctx, colour, width, x, y, radius) {
    ctx.beginPath();
    ctx.arc(x, y, radius, 0, 2 * Math.PI);
    Object.assign(ctx, { strokeStyle: colour, lineWidth: width });
    ctx.stroke();
  },
  card(ctx, colour, x, y, w, h, radius) {
    ctx.beginPath();
    ctx.roundRect(x, y, w, h, radius);
    ctx.fillStyle = colour;
    ctx.fill();
  },
  text(ctx, colour, size, weight, x, y, width, words) {
    ctx.font = `${weight} ${size}px ${FONT}`;
    Object.assign(ctx, { fillStyle: colour, textAlign: "center", textBaseline: "middle" });
    ctx.fillText(words, x, y, width);
  },
};

export function draw(ctx, strokes) {
  Object.assign(ctx, { lineCap: "round", lineJoin: "round" });
  for (const [kind, ...numbers] of strokes) KINDS[kind]?.(ctx, ...numbers);
}
