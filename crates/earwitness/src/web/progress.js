// Work in progress, kept up to date while there is some and somebody looks.

import { say } from "./keys.js";

const EVERY = 1500;

/** How many episodes the server tells of at once. */
const MOST = 200;

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

const ENDS = { ready: "is ready", removed: "was removed", failed: "failed", cancelled: "was taken out of the queue" };

/** What each episode was at the last look: only what changes is told, and only once. */
const last = new Map();

async function look() {
  const rows = new Map();
  for (const row of document.querySelectorAll("[data-working]")) {
    rows.set(row.dataset.episode, [...(rows.get(row.dataset.episode) ?? []), row]);
  }
  const answer = await fetch(`/progress?ids=${[...rows.keys()].slice(0, MOST)}`);
  if (!answer.ok) return;
  let changed = false;
  for (const episode of await answer.json()) {
    const { state } = episode;
    const shown = rows.get(String(episode.id));
    const before = last.get(episode.id) ?? shown[0].dataset.working;
    last.set(episode.id, state);
    if (state in ENDS) for (const row of shown) delete row.dataset.working;
    else for (const row of shown) update(episode, row);
    if (state === before) continue;
    changed = true;
    if (state in ENDS) say(`“${shown[0].querySelector(".title").textContent}” ${ENDS[state]}`);
  }
  if (changed) await refresh();
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
