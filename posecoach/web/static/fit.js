// Words as large as their place allows, for reading at three metres.
export class Fitted {
  // largest, smallest: parts of the place's height.
  constructor(place, largest = 0.62, smallest = 0.16) {
    Object.assign(this, { place, largest, smallest, words: "" });
    new ResizeObserver(() => this.fit()).observe(place.parentElement);
  }

  show(words) {
    if (words === this.words) return;
    this.words = words;
    this.place.textContent = words;
    this.fit();
  }

  fit() {
    const { place } = this;
    const height = place.clientHeight;
    let [low, high] = [height * this.smallest, height * this.largest];
    const fits = (size) => {
      place.style.fontSize = `${size}px`;
      return place.scrollHeight <= height + 1 && place.scrollWidth <= place.clientWidth + 1;
    };
    for (let turn = 0; turn < 7 && high - low > 1; turn += 1) {
      const middle = (low + high) / 2;
      if (fits(middle)) low = middle;
      else high = middle;
    }
    fits(low);
  }
}
