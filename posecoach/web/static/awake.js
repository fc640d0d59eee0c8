// Keeps the screen awake while somebody practises; a browser that cannot lets it sleep.
let lock = null;

async function hold() {
  if (document.visibilityState !== "visible") return;
  lock = await navigator.wakeLock?.request("screen").catch(() => null);
}

export function stayAwake() {
  document.addEventListener("visibilitychange", hold);
  hold();
}

export function maySleep() {
  document.removeEventListener("visibilitychange", hold);
  lock?.release().catch(() => {});
}
