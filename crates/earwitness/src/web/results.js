// Hits that play where they stand.

import { bind } from "./keys.js";
import { Player } from "./player.js";

/** As in transcript.js: sound begins a little before its word. */
const LEAD = 80;

const bar = document.getElementById("player");
const links = [...document.querySelectorAll(".hit .play")];
const player = new Player(bar, show);
let current = null;

function source(link) {
  return `/sound/${link.dataset.sound}`;
}

function show() {
  for (const link of links) link.classList.toggle("on", link === current && player.playing);
}

function play(link) {
  if (link === current && player.playing) return player.toggle();
  current = link;
  const { at, title } = link.dataset;
  const name = bar.querySelector(".playing a");
  name.textContent = title;
  name.href = link.href;
  bar.hidden = false;
  player.load(source(link));
  if (navigator.mediaSession) navigator.mediaSession.metadata = new MediaMetadata({ title });
  return player.playFrom(Math.max(0, Number(at) - LEAD) / 1000);
}

/** Fetches the sound of what may be played first, so that it starts at once. */
function prepare(link) {
  if (!link || current) return;
  player.audio.preload = "auto";
  player.load(source(link));
  player.seek(Math.max(0, Number(link.dataset.at) - LEAD) / 1000);
}

for (const link of links) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    play(link);
  });
  link.addEventListener("pointerenter", () => prepare(link));
  link.addEventListener("focus", () => prepare(link));
}

prepare(links[0]);

function step(by) {
  const hits = [...document.querySelectorAll(".hit > a")];
  const at = hits.findIndex((hit) => hit.parentElement.contains(document.activeElement));
  hits[at < 0 ? 0 : Math.min(Math.max(0, at + by), hits.length - 1)]?.focus();
}

bind(["j"], () => step(1));
bind(["k"], () => step(-1));
document.documentElement.dataset.ready = "";
