// A clip's own page: the words and their sound are transcript.js's; what comes after is queue.js's.

import { mark } from "./heard.js";
import { say } from "./keys.js";
import { player, words } from "./transcript.js";
import { copy, link } from "./quote.js";
import { Queue } from "./queue.js";

const button = document.getElementById("copy-link");
button.hidden = false;
button.onclick = () => copy(link(words, words.firsts[0], words.last), "Link");

const form = document.querySelector("form.heard");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const heard = event.submitter?.value !== "0";
  if (await mark(form, heard)) say(heard ? "Marked as heard." : "Marked as not heard.");
  else say("The mark could not be kept: load the page again.");
});
if (player) new Queue(player);
document.documentElement.dataset.queue = "";
