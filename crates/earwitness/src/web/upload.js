// Files added with their progress in sight, one after the other, by choice or by dropping them on the page.

import { say } from "./keys.js";
import { refresh, watch } from "./progress.js";

const form = document.getElementById("add");
const list = document.getElementById("uploads");
const input = form.elements.file;
const limit = Number(form.dataset.limit);
const waiting = [];
let sending = false;

function row(file) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  const bar = document.createElement("progress");
  const note = document.createElement("span");
  name.textContent = file.name;
  bar.max = 1;
  bar.value = 0;
  bar.ariaLabel = `Sending ${file.name}`;
  note.className = "label";
  item.append(name, bar, note);
  list.append(item);
  return { item, bar, note };
}

function fail(shown, error) {
  shown.bar.remove();
  shown.item.className = "bad";
  shown.note.textContent = [error.message, error.remedy].filter(Boolean).map(sentence).join(" ");
}

function sentence(text) {
  return text[0].toUpperCase() + text.slice(1) + (/[.!?…]$/.test(text) ? "" : ".");
}

function values(file, alone) {
  const data = new FormData(form);
  data.delete("file");
  if (!alone) data.delete("title");
  data.append("file", file);
  return data;
}

function send({ file, alone, shown }) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => (shown.bar.value = total ? loaded / total : 0);
    request.onload = () => {
      const { response, status } = request;
      if (status === 201) done(shown, response[0]);
      else fail(shown, response?.error ?? { message: `The server answered ${status}` });
      resolve();
    };
    request.onerror = () => {
      fail(shown, { message: "The connection broke off", remedy: "See that the server is running, and add the file again" });
      resolve();
    };
    request.send(values(file, alone));
  });
}

function done(shown, added) {
  const link = document.createElement("a");
  link.href = added.url;
  link.textContent = added.title;
  shown.item.replaceChildren(link, added.existed ? " was here before" : " added");
  for (const warning of added.warnings) shown.item.append(document.createElement("br"), warning);
  say(`“${added.title}” ${added.existed ? "was here before" : "added"}`);
}

async function drain() {
  if (sending) return;
  sending = true;
  while (waiting.length) {
    await send(waiting.shift());
    await refresh().catch(() => {});
    watch();
  }
  sending = false;
}

function add(files) {
  const chosen = [...files];
  for (const file of chosen) {
    const shown = row(file);
    if (file.size > limit) fail(shown, { message: "Larger than uploads may be", remedy: "Use `earwitness add FILE` instead" });
    else waiting.push({ file, alone: chosen.length === 1, shown });
  }
  drain();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  add(input.files);
  input.value = "";
});

addEventListener("dragover", (event) => {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  document.body.classList.add("dropping");
});
addEventListener("dragleave", (event) => event.relatedTarget ?? document.body.classList.remove("dropping"));
addEventListener("drop", (event) => {
  document.body.classList.remove("dropping");
  if (!event.dataTransfer?.files.length) return;
  event.preventDefault();
  add(event.dataTransfer.files);
});

// Where there is a keyboard, the reader can type at once; on phones one would only jump up.
if (matchMedia("(pointer: fine)").matches && document.activeElement === document.body && !location.hash) {
  document.getElementById("q").focus({ preventScroll: true });
}
document.documentElement.dataset.ready = "";
