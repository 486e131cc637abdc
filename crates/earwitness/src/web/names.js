// Walking through what may have been misheard: hear it, decide, go on.

import { bind, say } from "./keys.js";
import { player, words } from "./transcript.js";

/** Seconds that are heard before and after the words in question. */
const AROUND = 1;

const LIST = "#check";
const DONE = { accept: "Accepted", refuse: "Refused", undo: "Undone" };

const panel = document.getElementById("names");
let last = null;
let busy = false;

function rows() {
  return [...panel.querySelectorAll(".repair")];
}

function current() {
  const row = document.activeElement?.closest(".repair, .decided");
  return panel.contains(row) ? row : null;
}

function go(row) {
  if (!row) return false;
  for (let outer = row.closest("details"); outer; outer = outer.parentElement.closest("details")) outer.open = true;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  return true;
}

function step(by) {
  const all = rows();
  const at = all.indexOf(current());
  return go(all[at < 0 ? 0 : Math.min(Math.max(0, at + by), all.length - 1)]);
}

function hear() {
  const { start, end } = current()?.dataset ?? {};
  if (!player || start === undefined) return say("There is no sound to play.");
  if (player.playing && player.until < Infinity) return player.audio.pause();
  return player.playFrom(Math.max(0, Number(start) - AROUND), Number(end) + AROUND);
}

function press(row, verdict) {
  const button = row?.querySelector(`button[value="${verdict}"]`);
  if (!button) return false;
  button.form.requestSubmit(button);
  return true;
}

function undo() {
  const row = current();
  if (row?.matches(".decided")) return press(row, "undo");
  const taken = last && document.getElementById(last.id);
  return press(taken, last?.all ? "undo episode" : "undo") || press(taken, "undo");
}

/** Sends a decision, and shows the list and the words as they are after it. */
async function decide(form, button) {
  if (busy) return;
  busy = true;
  const [verdict, alike] = button.value.split(" ");
  const { id, dataset } = form.closest("li");
  const what = `“${dataset.heard}” → ${dataset.meant}`;
  const next = form.elements.next.value;
  try {
    const body = new URLSearchParams(new FormData(form));
    body.set("verdict", button.value);
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
    if (answer.type !== "opaqueredirect") return say(await fault(answer));
    last = verdict === "undo" ? null : { id, all: Boolean(alike) };
    await refresh();
    const left = rows();
    go(document.getElementById(`r${next}`)?.closest(".repair") ?? left[0]) || panel.querySelector(`${LIST} summary`)?.focus();
    const instead = verdict === "accept" && dataset.instead ? ` In place of ${dataset.instead}, which is no longer accepted.` : "";
    say(`${DONE[verdict]}: ${what}.${instead} ${left.length ? `${left.length} to check.` : "Nothing is left to check."}`);
  } catch {
    say("The server can’t be reached, or gave no answer.");
  } finally {
    busy = false;
  }
}

async function refresh() {
  const address = new URL(location.href);
  address.searchParams.set("names", "check");
  const answer = await fetch(address);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const open = [...panel.querySelectorAll("details[id]")].filter((part) => part.open).map((part) => part.id);
  panel.replaceChildren(...page.getElementById("names").childNodes);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  await reread(page.getElementById("transcript"));
}

/** Shows what a decision changed in the words. */
async function reread(fresh) {
  const { root } = words;
  if (!fresh || fresh.textContent === root.textContent) return;
  const answer = await fetch(document.getElementById("episode").dataset.words);
  if (!answer.ok) return location.reload();
  const packed = await answer.json();
  root.replaceChildren(...fresh.childNodes);
  words.read(packed);
  words.wrapWhenSeen();
}

async function fault(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector("main")?.innerText.trim() || "That failed.";
}

panel.addEventListener("submit", (event) => {
  // Those beside the list are answered with a page of their own.
  if (!event.target.closest("li")) return;
  event.preventDefault();
  decide(event.target, event.submitter);
});

bind(["n"], () => go(rows()[0]));
bind(["j", "ArrowDown"], () => step(1), LIST);
bind(["k", "ArrowUp"], () => step(-1), LIST);
bind(["p", " "], hear, LIST);
bind(["a"], () => press(current(), "accept"), LIST);
bind(["r"], () => press(current(), "refuse"), LIST);
bind(["A"], () => press(current(), "accept episode"), LIST);
bind(["u"], undo, LIST);
