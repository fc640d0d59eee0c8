// The stage of a practice: puts camera, line, picture, voice and keys together.
import { at } from "./root.js";
import { stayAwake, maySleep } from "./awake.js";
import { Camera, WORDS } from "./camera.js";
import { Capture } from "./capture.js";
import { Dots } from "./dots.js";
import { Fitted } from "./fit.js";
import { listen } from "./keys.js";
import { Picture } from "./picture.js";
import { Ring } from "./ring.js";
import { Talk } from "./talk.js";
import { Voice } from "./voice.js";

const find = (id) => document.getElementById(id);
const STILL_MS = 500; // without an answer for so long, the camera's own picture is shown
const NOTE_MS = 8000;
const LOST = "PoseCoach on this computer does not answer. What was done is kept. It is tried again; to start it: posecoach app";
const TAKEN = "This practice goes on in another tab.";
const SILENT = "This browser has no voice of its own; read what the coach says.";

const video = Object.assign(document.createElement("video"), { muted: true, playsInline: true });
const picture = new Picture(find("picture"));
const ring = new Ring(find("ring"));
const dots = new Dots(find("dots"));
const words = new Fitted(find("words"));
let scene = null;
let drawnAt = 0;
let over = false;
let told = false;

// -- a card over everything: what is the matter, and what can be done -------------------------

function card(sentences, ...choices) {
  find("card").hidden = !sentences.length;
  find("card-words").replaceChildren(
    ...sentences.map((sentence) => Object.assign(document.createElement("p"), { textContent: sentence })),
  );
  find("card-do").replaceChildren(...choices);
  choices[0]?.focus();
}

function choice(label, act) {
  const made = document.createElement(typeof act === "string" ? "a" : "button");
  made.textContent = label;
  made.className = "button";
  if (typeof act === "string") made.href = at(act);
  else made.onclick = act;
  return made;
}

function note(sentence) {
  find("note").textContent = sentence;
  find("note").hidden = false;
  setTimeout(() => (find("note").hidden = true), NOTE_MS);
}

// -- the line -----------------------------------------------------------------------------------

const HEARD = {
  open() {
    card([]);
    if (camera.why) talk.say("lost", { why: camera.why });
    else if (camera.stream) talk.say("camera", { name: camera.stream.getVideoTracks()[0].label });
    if (camera.why) lostCamera(camera.why);
  },
  lost: () => over || card([LOST]),
  none: () => location.replace(at("/")),
  taken() {
    talk.close();
    capture.paused = true;
    card([TAKEN], choice("Go on here", () => location.reload()), choice("First page", "/"));
  },
  loading: (said) => words.show(said.words),
  waiting: () => words.show(camera.stream ? "One moment" : "The browser asks whether PoseCoach may use your camera. Allow it."),
  on: () => {},
  looking: (said) => capture.looking(said.number),
  scene: show,
  say: (said) => voice.say(said.number, said.words),
  cut: () => voice.cut(),
  tone: (said) => voice.tone(said.tone),
  over(said) {
    over = true;
    find("over").hidden = true;
    talk.close();
    camera.close();
    capture.paused = true;
    maySleep();
    const first = said.failed ? "It could not go on." : said.done ? "Well done." : "Ended.";
    const onward = said.href ? [choice("See how it went", said.href)] : [];
    card([first, ...said.words], ...onward, choice("First page", "/"));
  },
};

const talk = new Talk((said) => HEARD[said.kind]?.(said));
const voice = new Voice(
  (number) => talk.say("spoken", { number }),
  () => {
    if (!told) note(SILENT);
    told = true;
  },
);
const capture = new Capture(video, (packet) => talk.send(packet));

// -- the camera ---------------------------------------------------------------------------------

function lostCamera(why) {
  card([WORDS[why]], choice("Try again", () => camera.open()), choice("End", () => ask("quit")));
}

const camera = new Camera(
  video,
  async (name) => {
    card([]);
    talk.say("camera", { name });
    if (!scene) words.show("One moment");
    const there = await camera.list();
    find("cameras").replaceChildren(
      ...there.map(({ label, deviceId }, number) => new Option(label || `Camera ${number + 1}`, deviceId)),
    );
    find("cameras").value = camera.stream?.getVideoTracks()[0].getSettings().deviceId ?? "";
  },
  (why) => {
    talk.say("lost", { why });
    lostCamera(why);
  },
);
find("cameras").onchange = ({ target }) => camera.open(target.value);

function unanswered() {
  if (performance.now() - drawnAt > STILL_MS && video.videoWidth && !over) {
    picture.show(video, video.videoWidth, video.videoHeight, null, scene?.mirror ?? true);
    if (scene) ring.show(scene);
  }
  requestAnimationFrame(unanswered);
}

// -- the scene ----------------------------------------------------------------------------------

function text(id, words_) {
  const place = find(id);
  if (place.textContent !== words_) place.textContent = words_;
}

function show(said) {
  scene = said;
  const kept = capture.answered(said.number);
  if (kept) {
    picture.show(kept.picture, kept.picture.width, kept.picture.height, said, said.mirror);
    drawnAt = performance.now();
  }
  text("title", said.title);
  text("side", said.side);
  words.show(said.sentence);
  find("sentence").dataset.tone = said.tone;
  text("next", said.next);
  find("unsaved").hidden = !said.unsaved;
  find("over").hidden = !said.over;
  text("over", said.over);
  dots.show(said.dots);
  ring.show(said);
  buttons(said);
  demonstration(said.demonstration);
  if (kept) {
    const times = { number: said.number, captured: kept.captured, drawn: performance.timeOrigin + performance.now() };
    dispatchEvent(new CustomEvent("posecoach-drawn", { detail: times }));
  }
}

function buttons(said) {
  const early = !said.paused && said.stage !== "work";
  text("pause", said.paused ? "Go on" : early ? "Begin now" : "Pause");
  find("pause").dataset.action = early && said.stage === "rest" ? "next" : "pause";
  text("mute", said.muted ? "Voice on" : "Voice off");
  find("mute").setAttribute("aria-pressed", String(said.muted));
}

function demonstration(id) {
  const film = find("demonstration");
  film.hidden = !id;
  if (id && film.dataset.of !== id) {
    film.dataset.of = id;
    film.src = at(`/demonstrations/${id}.mp4`);
    film.onerror = () => (film.hidden = true);
    film.play().catch(() => {});
  }
}

// -- what can be asked for ----------------------------------------------------------------------

const OWN = {
  help: () => find("keys-shown").showModal(),
  full_screen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.().catch(() => note("This browser has no full screen."));
  },
};

function ask(action) {
  const keys = find("keys-shown");
  const read = keys.open;
  keys.close(); // what is asked for is to be seen
  if (read && action === "help") return;
  if (OWN[action]) OWN[action]();
  else talk.say("do", { action });
}

listen(ask);
stayAwake();
requestAnimationFrame(unanswered);
camera.open();
