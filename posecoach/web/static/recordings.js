// Takes recordings in and shows how far each is.
import { at } from "./root.js";

const LOOK_MS = 700;
const find = (id) => document.getElementById(id);
const STATES = { waiting: "waits for its turn", on: "", done: "", failed: "", cancelled: "" };

let refusals = [];
let taking = 0;

// What was refused stays to be read while others are taken in.
function tell(words) {
  find("told").textContent = [...refusals, words].filter(Boolean).join("\n");
}

async function take(files) {
  if (!taking) refusals = [];
  taking += 1;
  for (const file of files) {
    tell(`${file.name} is taken in.`);
    const exercise = find("exercise").value;
    const what = exercise ? { exercise } : { learn: find("called").value };
    const query = new URLSearchParams({ name: file.name, ...what });
    try {
      const answer = await fetch(at(`/recordings/take?${query}`), { method: "PUT", body: file });
      const said = answer.headers.get("content-type")?.includes("json") ? await answer.json() : {};
      const refused = answer.status === 413 ? "It is larger than PoseCoach takes." : "It was refused.";
      if (!answer.ok) refusals.push(`${file.name}: ${said.problem ?? refused}`);
    } catch {
      refusals.push(`${file.name} could not be taken in: PoseCoach does not answer.`);
    }
    tell("");
    look();
  }
  taking -= 1;
}

function element(tag, className, words = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = words;
  return made;
}

function row(job) {
  const made = element("li", "job");
  made.dataset.state = job.state;
  made.append(element("b", "", job.name), element("span", "quiet", job.exercise));
  const share = Math.round(100 * job.share);
  const on = job.state === "on" ? `${job.doing}${job.share ? `, ${share} %` : ""}` : STATES[job.state];
  made.append(element("span", "", job.words || on));
  if (job.state === "on") {
    const bar = Object.assign(document.createElement("progress"), { max: 1 });
    if (job.share) bar.value = job.share;
    bar.setAttribute("aria-label", `How far ${job.name} is`);
    made.append(bar);
  }
  if (job.href) {
    const link = element("a", "button plain", job.result);
    link.href = at(job.href);
    if (job.state === "done") made.append(link);
  }
  if (job.state === "on" || job.state === "waiting") {
    const button = element("button", "plain", "Cancel");
    button.type = "button";
    button.onclick = () => fetch(at(`/recordings/${job.number}/cancel`), { method: "POST" }).then(look);
    made.append(button);
  }
  return made;
}

let shown = "";
async function look() {
  const answer = await fetch(at("/recordings/jobs")).catch(() => null);
  if (!answer?.ok) return;
  const jobs = await answer.json();
  const now = JSON.stringify(jobs);
  if (now !== shown) find("jobs").replaceChildren(...jobs.map(row));
  shown = now;
}

find("exercise").onchange = ({ target }) => {
  find("new").hidden = find("how").hidden = target.value !== "";
};
find("files").onchange = ({ target }) => take([...target.files]);
for (const kind of ["dragover", "drop"])
  addEventListener(kind, (event) => {
    event.preventDefault();
    find("drop").classList.toggle("over", kind === "dragover");
    if (kind === "drop") take([...event.dataTransfer.files]);
  });
setInterval(look, LOOK_MS);
look();
