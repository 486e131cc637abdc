// The table of contents: advertisements are folded or not, as the reader wants them, here and in what is said.

import { recall, remember } from "./player.js";

const NAME = "adverts";
const control = document.getElementById("adverts");

function show(on) {
  for (const advert of document.querySelectorAll("details.advert")) advert.open = on;
  control.textContent = on ? "Hide advertisements" : "Show advertisements";
}

let on = new URLSearchParams(location.search).get(NAME) === "1" || recall(NAME) === "1";
// What the page unfolds by itself stays unfolded.
if (on) show(on);
control.role = "button";
control.addEventListener("click", (event) => {
  event.preventDefault();
  on = !on;
  show(on);
  remember(NAME, on ? "1" : "");
});
control.addEventListener("keydown", (event) => {
  if (event.key !== " ") return;
  event.preventDefault();
  control.click();
});
