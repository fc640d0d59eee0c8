// The browser's voice: it says what it is handed, when it is handed, and tells when that is over.
// Only voices of this computer speak: others would send the words elsewhere.
import { at } from "./root.js";

const CHOSEN = "posecoach-voice";

export function voices() {
  return speechSynthesis.getVoices().filter((voice) => voice.localService);
}

export function chosenVoice() {
  const name = localStorage.getItem(CHOSEN);
  const there = voices();
  return (
    there.find((voice) => voice.name === name) ??
    there.find((voice) => voice.lang.startsWith("en") && voice.default) ??
    there.find((voice) => voice.lang.startsWith("en")) ??
    null
  );
}

export function chooseVoice(name) {
  localStorage.setItem(CHOSEN, name);
}

export class Voice {
  // spoken(number): a sentence is over; silent(): there is no voice here.
  constructor(spoken, silent) {
    Object.assign(this, { spoken, silent, tones: new Map() });
  }

  say(number, words) {
    const voice = "speechSynthesis" in window ? chosenVoice() : null;
    if (!voice) {
      this.silent();
      this.spoken(number);
      return;
    }
    const sentence = new SpeechSynthesisUtterance(words);
    Object.assign(sentence, { voice, lang: voice.lang });
    sentence.onend = sentence.onerror = () => this.spoken(number);
    this.sentence = sentence; // or the browser forgets it before it is over
    speechSynthesis.speak(sentence);
  }

  cut() {
    window.speechSynthesis?.cancel();
  }

  tone(name) {
    const sound = this.tones.get(name) ?? new Audio(at(`/tones/${name}.wav`));
    this.tones.set(name, sound);
    sound.currentTime = 0;
    sound.play().catch(() => {});
  }
}
