// The repetitions: a row for each side.
const MOST = 12; // more could not be told apart at three metres

function element(tag, className, words = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = words;
  return made;
}

function row({ side, done, missed, wanted, active }) {
  const made = element("div", active ? "dots-row active" : "dots-row");
  const name = side === "both" ? "" : side[0].toUpperCase() + side.slice(1);
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", `${name} ${done} of ${wanted}${missed ? `, ${missed} not counted` : ""}`.trim());
  if (name) made.append(element("b", "", name));
  if (wanted > MOST) made.append(element("span", "", `${done} of ${wanted}`));
  else
    for (let number = 0; number < Math.max(wanted, done); number += 1)
      made.append(element("span", number < done ? "dot done" : active && number === done ? "dot now" : "dot"));
  for (let number = 0; number < Math.min(missed, 3); number += 1) made.append(element("span", "missed", "◆"));
  return made;
}

export class Dots {
  constructor(place) {
    Object.assign(this, { place, shown: "" });
  }

  show(dots) {
    const now = JSON.stringify(dots);
    if (now === this.shown) return;
    this.shown = now;
    this.place.replaceChildren(...dots.map(row));
  }
}
