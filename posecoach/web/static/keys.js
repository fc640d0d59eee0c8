// Keys and buttons: both ask for the same things, by the names the window uses too.
const NAMES = JSON.parse(document.getElementById("keys").textContent);

export function listen(ask) {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && document.querySelector("dialog[open]")) return; // it closes that
    const on = event.target.closest("button, select, input, a");
    if (on && (event.key === " " || event.key === "Enter" || on.matches("select"))) return;
    const action = NAMES[event.key === "Escape" ? "\u001b" : event.key.toLowerCase()];
    if (!action || (event.key === "Escape" && document.fullscreenElement)) return;
    event.preventDefault();
    ask(action);
  });
  for (const button of document.querySelectorAll("[data-action]")) {
    button.addEventListener("click", () => ask(button.dataset.action));
    button.disabled = false; // from now on a click is heard
  }
}
