// Work in progress, kept up to date while there is some and somebody looks.

import { say } from "./keys.js";

const EVERY = 1500;

function isWorking() {
  return document.querySelector("[data-working]");
}

/** Takes over the page's lists as they are now, without losing where the reader is. */
export async function refresh() {
  if (document.querySelector("[data-live=reload]")) return location.reload();
  const answer = await fetch(location.href, { headers: { accept: "text/html" } });
  if (!answer.ok) return undefined;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const region of document.querySelectorAll("[data-live]")) {
    const fresh = page.getElementById(region.id);
    if (fresh && !region.contains(document.activeElement)) region.replaceWith(fresh);
  }
  return undefined;
}

function update(episode, row) {
  const bar = row.querySelector("progress");
  if (bar && episode.percent !== null) bar.value = episode.percent;
  const label = row.querySelector(".label");
  if (label) label.textContent = episode.label;
  const heard = row.querySelector(".heard");
  if (heard) heard.textContent = episode.heard;
}

async function look() {
  const answer = await fetch("/progress");
  if (!answer.ok) return;
  const { state, episodes } = await answer.json();
  const shown = new Map([...document.querySelectorAll("[data-working]")].map((row) => [row.dataset.episode, row]));
  for (const episode of episodes) {
    const row = shown.get(episode.id);
    if (row && episode.active) update(episode, row);
    if (episode.active) shown.delete(episode.id);
  }
  // What is left was being worked on and is no longer.
  for (const [id, row] of shown) {
    const ended = episodes.find((episode) => episode.id === id);
    say(`“${row.querySelector(".title").textContent}” ${ended ? "stopped" : "is ready"}`);
  }
  const known = document.querySelector("[data-state]")?.dataset.state;
  if (shown.size || (known !== state && !document.querySelector("[data-live=reload]"))) await refresh();
}

/** Looks now and then, until there is nothing to look at. */
export async function watch() {
  if (watch.on) return;
  watch.on = true;
  while (isWorking()) {
    await new Promise((resolve) => setTimeout(resolve, EVERY));
    if (document.hidden) continue;
    try {
      await look();
    } catch {
      // The server may be away for a moment; the next look will tell.
    }
  }
  watch.on = false;
}

document.documentElement.classList.add("live");
watch();
