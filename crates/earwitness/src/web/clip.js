// A clip's own page: the words and their sound are transcript.js's; what comes after is queue.js's.

import { player } from "./transcript.js";
import { copy } from "./quote.js";
import { Queue } from "./queue.js";

const button = document.getElementById("copy-link");
button.hidden = false;
button.onclick = () => copy(location.origin + location.pathname, "Link");
if (player) new Queue(player);
document.documentElement.dataset.queue = "";
