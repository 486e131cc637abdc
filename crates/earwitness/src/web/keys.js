// Commands of one key. They never take a key from somebody who types, nor one with a modifier.

const commands = [];

/** Runs `run` on any of these keys; where a place is named, only while the focus is there, and before others. */
export function bind(keys, run, place = "") {
  commands.push({ keys, run, place });
  commands.sort((a, b) => (b.place ? 1 : 0) - (a.place ? 1 : 0));
}

/** Shows a short message, and has it read out. */
export function say(text) {
  const place = document.getElementById("announce");
  place.textContent = text;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => (place.textContent = ""), 4000);
}

function isTyping(target, key) {
  const field = target.closest("input, textarea, select, [contenteditable], dialog");
  if (!field) return false;
  if (field.type === "range") return key.startsWith("Arrow");
  return field.type !== "checkbox" || key === " ";
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!(target instanceof Element) || isTyping(target, key)) return;
  if (key === " " && target.closest("a, button, summary, audio")) return;
  // Who speaks to the machine, or hits keys by chance, can turn off those that type something.
  if (key.length === 1 && key !== " " && !letters.checked) return;
  const run = commands.find(({ keys, place }) => keys.includes(key) && (!place || target.closest(place)))?.run;
  if (run && run() !== false) event.preventDefault();
});

bind(["/"], () => {
  const box = document.getElementById("q");
  box.focus();
  box.select();
});

const list = document.getElementById("keys");
const opener = document.getElementById("show-keys");
const letters = document.getElementById("letters");
const OFF = "earwitness.letters-off";

letters.checked = !recall();
letters.addEventListener("change", () => {
  try {
    if (letters.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  } catch {
    // Where nothing may be kept, it holds for this page.
  }
});

function recall() {
  try {
    return localStorage.getItem(OFF);
  } catch {
    return null;
  }
}

opener.hidden = false;
opener.onclick = () => list.showModal();
bind(["?"], () => list.showModal());
