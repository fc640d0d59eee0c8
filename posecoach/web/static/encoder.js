// A worker: pictures become packets, beside the page and not in its way.
const QUALITY = 0.85;
const HEAD = 12; // the picture's number and its time, as camera.py reads them

onmessage = async ({ data: { bitmap, number, capturedMs } }) => {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext("2d", { alpha: false }).drawImage(bitmap, 0, 0);
  bitmap.close();
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const packet = new Uint8Array(HEAD + bytes.length);
  const view = new DataView(packet.buffer);
  view.setUint32(0, number, true);
  view.setFloat64(4, capturedMs, true);
  packet.set(bytes, HEAD);
  postMessage({ packet: packet.buffer, number }, [packet.buffer]);
};
