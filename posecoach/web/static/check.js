// Puts a chosen file's text into the field, where it is checked.
const find = (id) => document.getElementById(id);
const MOST_BYTES = 200_000;

// The first mistake is seen at once, with a line or two before it, however far down it stands.
const wrong = document.querySelector(".source .wrong");
if (wrong) {
  const box = wrong.parentElement;
  box.scrollTop += wrong.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 4;
}

find("file").onchange = async ({ target }) => {
  const [file] = target.files;
  if (!file) return;
  find("text").value = file.size > MOST_BYTES ? "" : await file.text();
  find("text").placeholder = file.size > MOST_BYTES ? "This file is too large to be a stretch." : "";
  find("name").value = file.name;
};
