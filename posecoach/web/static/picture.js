// The picture with the body on it.
import { draw } from "./strokes.js";
import { Sheet, fitted } from "./sheet.js";

const DIM = 0.3;

export class Picture {
  constructor(canvas) {
    this.sheet = new Sheet(canvas);
  }

  // image: a canvas or video; scene: null where nobody has looked at it yet.
  show(image, width, height, scene, mirror) {
    const { ctx } = this.sheet;
    const place = fitted(width, height, this.sheet.begin());
    ctx.save();
    ctx.translate(place.x, place.y);
    ctx.scale(place.scale, place.scale);
    ctx.beginPath();
    ctx.roundRect(0, 0, width, height, 12 / place.scale);
    ctx.clip();
    ctx.save();
    if (mirror) {
      ctx.translate(width, 0);
      ctx.scale(-1, 1);
    }
    ctx.globalAlpha = scene?.dimmed ? DIM : 1;
    ctx.drawImage(image, 0, 0, width, height);
    ctx.restore();
    if (scene?.body.length) {
      ctx.scale(width / scene.size[0], height / scene.size[1]);
      draw(ctx, scene.body);
    }
    ctx.restore();
  }
}
