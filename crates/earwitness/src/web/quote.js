// Quotes with their source: words, speaker, episode, moment and link.

import { say } from "./keys.js";
import { clock } from "./player.js";

/** Seconds as links write them. */
export function stamp(seconds) {
  return String(Math.round(seconds * 100) / 100);
}

/** The address of the words from `first` to `last`: that of the episode, since clips may be cut anew. */
export function link(words, first, last) {
  const address = new URL(document.getElementById("episode").dataset.whole ?? location.pathname, location.href);
  address.hash = words.timed ? `t=${stamp(words.starts[first])},${stamp(words.ends[last])}` : `w=${first}`;
  return address.href;
}

/** The quote of the words from `first` to `last`. */
export function quote(words, article, first, last) {
  let text = "";
  for (let index = first; index <= last; index += 1) {
    const word = words.element(index);
    const glued = index > first && word.previousSibling?.nodeName === "SPAN" && word.parentElement === words.element(index - 1).parentElement;
    text += (text && !glued ? " " : "") + word.textContent;
  }
  const { title, show, date } = article.dataset;
  const speaker = words.element(first).closest("section").querySelector(".speaker")?.textContent;
  const moment = words.timed ? clock(words.starts[first]) : "";
  const source = [speaker, title, show, date, moment].filter(Boolean).join(", ");
  return `“${text}”\n— ${source}\n${link(words, first, last)}`;
}

/** The first and last word of the selection, if it lies in the transcript. */
export function selected(words, root) {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const paragraphs = words.paragraphs.filter((paragraph) => range.intersectsNode(paragraph));
  if (!paragraphs.length || !root.contains(range.commonAncestorContainer)) return null;
  const inside = (word) => {
    const whole = document.createRange();
    whole.selectNodeContents(word);
    // Touching an edge is not enough: a character must be inside.
    return (
      range.compareBoundaryPoints(Range.END_TO_START, whole) < 0 && range.compareBoundaryPoints(Range.START_TO_END, whole) > 0
    );
  };
  const first = words.wrap(paragraphs[0]).find(inside);
  const last = words.wrap(paragraphs.at(-1)).findLast(inside);
  return first && last ? [words.index(first), words.index(last)] : null;
}

/** Copies a text; addresses without https have no clipboard, so there the old way is used. */
export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const box = document.createElement("textarea");
    box.value = text;
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    if (!done) return say("The browser does not let this page copy.");
  }
  return say(`${what} copied`);
}

/** Offers to copy whenever words are selected. */
export function offer(words, article, root) {
  const bar = document.createElement("div");
  bar.className = "offer";
  bar.hidden = true;
  const button = (label, run) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = label;
    made.onclick = () => {
      const [first, last] = bar.range;
      run(first, last);
      bar.hidden = true;
    };
    bar.append(made);
  };
  button("Copy quote", (first, last) => copy(quote(words, article, first, last), "Quote"));
  button("Copy link", (first, last) => copy(link(words, first, last), "Link"));
  article.append(bar);
  // A click on the bar must not end the selection it is about.
  bar.addEventListener("pointerdown", (event) => event.preventDefault());

  document.addEventListener("selectionchange", () => {
    clearTimeout(offer.timer);
    offer.timer = setTimeout(() => {
      bar.range = selected(words, root);
      bar.hidden = !bar.range;
      if (bar.hidden) return;
      const box = getSelection().getRangeAt(0).getBoundingClientRect();
      const left = Math.min(Math.max(8, box.left), innerWidth - bar.offsetWidth - 8);
      bar.style.left = `${left + scrollX}px`;
      bar.style.top = `${box.bottom + scrollY + 8}px`;
    }, 150);
  });
}
