// Holds one line to the server while the page is open, so that the server knows when nobody is
// there any more, and the page knows when the server is gone.
import { socketAt } from "./root.js";

const GONE = "PoseCoach on this computer does not answer. What was done is kept. Start it again with: posecoach app";
const AGAIN_MS = 1500;

function hold() {
  const line = new WebSocket(socketAt("/presence"));
  line.onopen = () => tell("");
  line.onclose = () => {
    tell(GONE);
    setTimeout(hold, AGAIN_MS);
  };
}

function tell(words) {
  const place = document.getElementById("gone");
  if (!place) return;
  place.textContent = words;
  place.hidden = !words;
}

let leaving = false;
addEventListener("pagehide", () => (leaving = true));
addEventListener("pageshow", () => (leaving = false));
if (!leaving) hold();
