// Fills the first page: its frame is there at once, the cards follow.
import { at } from "./root.js";
import { keepStill, still, watch } from "./films.js";

const cards = document.getElementById("cards");
try {
  const answer = await fetch(at("/cards"));
  cards.innerHTML = await answer.text(); // from our own server, which escapes what it is given
} catch {
  cards.textContent = "The stretches cannot be shown: PoseCoach does not answer.";
}
cards.setAttribute("aria-busy", "false");
cards.removeAttribute("aria-live");
watch();

const button = document.getElementById("still");
button?.setAttribute("aria-pressed", String(still()));
button?.addEventListener("click", () => {
  keepStill(!still());
  button.setAttribute("aria-pressed", String(still()));
});
