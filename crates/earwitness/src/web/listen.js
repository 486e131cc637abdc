// Sound without words: the player alone.

import { Player } from "./player.js";

new Player(document.getElementById("player"));
document.documentElement.dataset.ready = "";
