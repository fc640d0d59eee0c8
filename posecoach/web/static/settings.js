// Voice and camera are the browser's: they are chosen and tried here and remembered by it.
import { at } from "./root.js";
import { Camera, WORDS } from "./camera.js";
import { chooseVoice, chosenVoice, voices } from "./voice.js";

const find = (id) => document.getElementById(id);

function listVoices() {
  const there = voices();
  find("voices").replaceChildren(...there.map(({ name, lang }) => new Option(`${name} (${lang})`, name)));
  find("voices").value = chosenVoice()?.name ?? "";
  find("hear").disabled = !there.length;
  find("voice-told").textContent = there.length
    ? "Only voices of this computer are offered: others would send the words elsewhere."
    : "This browser has no voice of its own; what the coach says can be read all the same.";
}

listVoices();
speechSynthesis.addEventListener?.("voiceschanged", listVoices);
find("voices").onchange = ({ target }) => chooseVoice(target.value);
find("hear").onclick = () => {
  const sentence = new SpeechSynthesisUtterance("Turn your chest a little farther from the wall.");
  sentence.voice = chosenVoice();
  speechSynthesis.speak(sentence);
};

const camera = new Camera(
  find("seen"),
  async () => {
    find("seen").hidden = false;
    find("camera-told").textContent = "";
    const there = await camera.list();
    find("cameras").replaceChildren(...there.map(({ label, deviceId }) => new Option(label || "Camera", deviceId)));
    find("cameras").value = camera.stream?.getVideoTracks()[0].getSettings().deviceId ?? "";
  },
  (why) => {
    find("seen").hidden = true;
    find("camera-told").textContent = WORDS[why];
  },
);
find("look").onclick = () => camera.open();
find("cameras").onchange = ({ target }) => camera.open(target.value);

find("try").onclick = async ({ target }) => {
  target.disabled = true;
  find("found").replaceChildren(Object.assign(document.createElement("li"), { textContent: "It takes some seconds." }));
  const answer = await fetch(at("/settings/doctor")).catch(() => null);
  const found = answer?.ok ? await answer.json() : [{ well: false, what: "page", words: "PoseCoach does not answer." }];
  find("found").replaceChildren(
    ...found.map(({ well, what, words }) =>
      Object.assign(document.createElement("li"), { textContent: `${well ? "Well" : "Problem"}: ${what}, ${words}`, className: well ? "" : "note" }),
    ),
  );
  target.disabled = false;
};
