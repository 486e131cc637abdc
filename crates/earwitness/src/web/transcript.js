// A transcript that follows its sound, and sound that follows its transcript.

import { bind } from "./keys.js";
import { Player } from "./player.js";
import { copy, link, offer, quote, selected, stamp } from "./quote.js";
import { Words } from "./words.js";

/** Sound begins this many seconds before its word, so that the word's first sound is heard. */
const LEAD = 0.08;

const article = document.getElementById("episode");
const root = document.getElementById("transcript");
const bar = document.getElementById("player");
const answer = await fetch(article.dataset.words);
export const words = new Words(root, answer.ok ? await answer.json() : { times: [], sure: "", lengths: null });
export const player = bar && words.timed ? new Player(bar, follow) : null;

let now = null;
let following = true;

words.wrapWhenSeen();
offer(words, article, root);
goToAddress();
addEventListener("hashchange", () => goToAddress(true));

/** Marks the word that is heard. */
function follow(time) {
  if (!player) return;
  const index = words.at(time + 0.02);
  const begun = words.starts[index] <= time + LEAD;
  if (index === now || !begun || (!player.playing && now === null && time <= player.from)) return;
  const word = words.element(index);
  // What is heard beyond a clip is not on its page.
  if (!word) return;
  words.element(now)?.classList.remove("now");
  now = index;
  word.classList.add("now");
  if (following && player.playing) keepInView(word);
}

/** What is folded shows when it is asked for. */
function unfold(element) {
  for (let fold = element.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
}

function keepInView(element, block = "center") {
  if (!element) return;
  const { top, bottom } = element.getBoundingClientRect();
  if (block === "center" && top > innerHeight * 0.15 && bottom < innerHeight * 0.7) return;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block, behavior: still ? "auto" : "smooth" });
}

/** Who scrolls wants to look elsewhere. */
function letGo() {
  if (!player?.playing || !following) return;
  following = false;
  player.part("follow").hidden = false;
}

function followAgain() {
  following = true;
  if (!player) return;
  player.part("follow").hidden = true;
  if (now !== null) keepInView(words.element(now));
}

function playWord(index, until) {
  followAgain();
  player.playFrom(Math.max(0, words.starts[index] - LEAD), until);
}

/** Reads `#t=83.2`, `#t=83.2,97` and `#w=12`. */
function readAddress(hash) {
  const [, kind, from, to] = /^#([tw])=([\d.]+)(?:,([\d.]+))?$/.exec(hash) ?? [];
  if (kind === "w") return { index: Number(from) };
  if (kind !== "t" || !words.timed) return null;
  const [start, end] = [Number(from), to ? Number(to) : Infinity];
  const index = words.at(start);
  return { index, start, end, last: to ? words.at(end - 0.011) : index };
}

/** Whether a moment begins before or after what is on this page. */
function isOutside({ start }) {
  if (start === undefined) return false;
  const from = player?.from ?? words.starts[words.firsts[0]];
  const to = player?.to ?? words.ends.at(-1);
  return start < from - LEAD || start >= to;
}

/** Goes to the moment that the address names: marks it, and plays it if the browser lets us. */
function goToAddress(asked = false) {
  const moment = readAddress(location.hash);
  const word = moment && words.element(moment.index);
  // What is not in this clip, or no longer, is in its episode.
  const { whole } = article.dataset;
  if (moment && whole && words.sentences.length && (!word || isOutside(moment))) return location.replace(whole + location.hash);
  if (!word) return;
  for (const old of root.querySelectorAll(".here, .quoted")) old.classList.remove("here", "quoted");
  unfold(word);
  if (moment.last > moment.index) {
    for (let index = moment.index; index <= moment.last; index += 1) words.element(index)?.classList.add("quoted");
  } else {
    word.closest("p > span").classList.add("here");
  }
  word.scrollIntoView({ block: "center" });
  if (!player || moment.start === undefined) return;
  player.seek(Math.max(0, moment.start - LEAD));
  player.until = Math.min(moment.end, player.to);
  // Coming back to a page, or loading it again, is no wish to hear it.
  const [entry] = performance.getEntriesByType("navigation");
  if (asked || entry?.type === "navigate") player.play();
}

/** Puts a moment into the address without going anywhere. */
function setAddress(seconds) {
  const address = new URL(location.href);
  address.searchParams.delete("t");
  address.searchParams.delete("w");
  address.hash = `t=${stamp(seconds)}`;
  history.replaceState(null, "", address);
}

function hereSentence() {
  const word = now === null ? root.querySelector(".here .w, .w.quoted") : words.element(now);
  return word?.closest("p > span");
}

/** Plays the next sentence, or the one before; without sound only goes there. */
function step(by) {
  const { sentences } = words;
  const at = sentences.indexOf(hereSentence());
  const sentence = sentences[at < 0 ? 0 : Math.min(Math.max(0, at + by), sentences.length - 1)];
  if (!sentence) return;
  const first = words.firstOf(sentence);
  if (player) {
    if (player.playing) playWord(first);
    else player.seek(Math.max(0, words.starts[first] - LEAD + 0.06));
  }
  for (const old of root.querySelectorAll(".here")) old.classList.remove("here");
  sentence.classList.add("here");
  sentence.tabIndex = -1;
  sentence.focus({ preventScroll: true });
  keepInView(sentence);
  if (!player) now = first;
}

function copyQuote() {
  const sentence = hereSentence();
  const range = selected(words, root) ?? (sentence && [words.firstOf(sentence), words.firstOf(sentence) + sentence.querySelectorAll(".w").length - 1]);
  if (!range) return false;
  copy(quote(words, article, ...range), "Quote");
  return true;
}

root.addEventListener("click", (event) => {
  const word = event.target.closest(".w");
  if (!player || !word || !getSelection().isCollapsed) return;
  playWord(words.index(word));
});

article.addEventListener("click", (event) => {
  const anchor = event.target.closest("a.clock");
  if (!anchor || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const moment = readAddress(anchor.hash);
  if (!moment) return;
  event.preventDefault();
  if (moment.start === undefined || !player) {
    location.hash = anchor.hash;
    return;
  }
  setAddress(moment.start);
  playWord(moment.index);
  const word = words.element(moment.index);
  if (word) unfold(word);
  keepInView(word);
});

if (player) {
  player.part("follow").onclick = followAgain;
  player.part("link").onclick = () => {
    const index = words.at(player.time);
    copy(link(words, index, index).replace(/,[\d.]+$/, ""), "Link to this moment");
  };
  for (const name of ["wheel", "touchmove"]) addEventListener(name, letGo, { passive: true });
  addEventListener("keydown", (event) => ["PageUp", "PageDown", "Home", "End"].includes(event.key) && letGo());
  const { title, show } = article.dataset;
  if (navigator.mediaSession) navigator.mediaSession.metadata = new MediaMetadata({ title, artist: show ?? "" });
}

bind(["j"], () => step(1));
bind(["k"], () => step(-1));
bind(["ArrowDown"], () => (player?.playing ? step(1) : false));
bind(["ArrowUp"], () => (player?.playing ? step(-1) : false));
bind(["c"], copyQuote);
document.documentElement.dataset.ready = "";
