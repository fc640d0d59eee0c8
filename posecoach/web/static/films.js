// The moving pictures: those in sight move, unless the person wants them still.
const KEY = "posecoach-still";

export function still() {
  const chosen = localStorage.getItem(KEY);
  return chosen === null ? matchMedia("(prefers-reduced-motion: reduce)").matches : chosen === "yes";
}

export function keepStill(wanted) {
  localStorage.setItem(KEY, wanted ? "yes" : "no");
  for (const film of document.querySelectorAll("video.film")) show(film);
}

const seen = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    target.dataset.seen = isIntersecting ? "yes" : "";
    show(target);
  }
});

function show(film) {
  if (film.dataset.seen && !still()) film.play().catch(() => {});
  else film.pause();
}

export function watch() {
  for (const film of document.querySelectorAll("video.film")) seen.observe(film);
}

watch();
