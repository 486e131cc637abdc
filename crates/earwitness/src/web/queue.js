// What is heard after a clip: by hand, or by itself where the listener wants it so.

import { mark } from "./heard.js";
import { bind, say } from "./keys.js";
import { recall, remember } from "./player.js";

/** Who heard so much of a clip has heard it. */
const HEARD = 0.8;

/** Seconds between a clip and the next. */
const PAUSE = 3;

const ON = "play-on";
const TRAIL = "earwitness.trail";

/** The fragment of a page that is to play at once. */
const PLAY = "#play";

const part = (id) => document.getElementById(id);

export class Queue {
  constructor(player) {
    const { audio, bar } = (this.player = player);
    this.line = bar.querySelector(".queue .playing");
    // What is text alone is passed over; it is gone to only where nothing else is left, and by hand.
    this.playable = document.querySelector(".upnext a[data-sound]");
    this.next = this.playable ?? document.querySelector(".upnext a");
    this.heard = !part("was-heard").hidden;
    bar.querySelector(".queue").hidden = false;
    part(ON).checked = recall(ON) === "1";
    part(ON).onchange = () => remember(ON, part(ON).checked ? "1" : "");
    part("go-on").onclick = () => this.goOn();
    part("go-back").onclick = () => this.goBack();
    part("skip").onclick = () => this.skip();
    part("stop").onclick = () => this.stop();
    bind(["n"], () => this.goOn());
    bind(["p"], () => this.goBack());
    bind(["s"], () => this.skip());
    bind(["x"], () => this.stop());
    bind(["Escape"], () => (this.timer ? this.stop() : false));
    audio.addEventListener("timeupdate", () => this.count());
    for (const name of ["pause", "ended"]) audio.addEventListener(name, () => this.end());
    audio.addEventListener("play", () => {
      this.stopped = false;
      this.cancel();
    });
    this.show();
    this.begin();
  }

  /** Plays at once where the page before led here to be heard. */
  begin() {
    if (location.hash !== PLAY) return keepTrail([]);
    history.replaceState(null, "", location.pathname);
    this.player.playFrom(this.player.from).then(() => {
      if (!this.player.playing) say("The browser waits for a key: press space to play on.");
    });
  }

  show(seconds = 0) {
    const { next, line } = this;
    if (!next) line.textContent = "Nothing comes after it.";
    else line.textContent = `${seconds ? `Next in ${seconds} s` : "Next"}: ${next.textContent}${this.playable ? "" : " (text only)"}`;
    line.classList.toggle("counting", seconds > 0);
  }

  /** Notes how much was heard. */
  count() {
    const { audio, from, to } = this.player;
    if (this.heard || to === Infinity) return;
    let heard = 0;
    for (let at = 0; at < audio.played.length; at += 1) {
      heard += Math.max(0, Math.min(audio.played.end(at), to) - Math.max(audio.played.start(at), from));
    }
    if (heard >= HEARD * (to - from)) this.note();
  }

  async note() {
    this.heard = true;
    await mark(document.querySelector("form.heard"), true);
  }

  /** The clip is over: the next one follows after a moment, if it is wanted. */
  end() {
    if (!this.player.isOver || this.timer || this.stopped) return;
    this.count();
    if (!part(ON).checked) return;
    if (!this.playable) {
      say(this.next ? "Stopped: what comes next is text only." : "Nothing more to play.");
      return;
    }
    say(`Next in ${PAUSE} seconds: ${this.next.textContent}. Press x to stop.`);
    let left = PAUSE;
    this.show(left);
    this.timer = setInterval(() => {
      left -= 1;
      if (left > 0) this.show(left);
      else this.goOn(true);
    }, 1000);
  }

  cancel() {
    const was = Boolean(this.timer);
    clearInterval(this.timer);
    this.timer = null;
    this.show();
    return was;
  }

  stop() {
    const was = this.cancel() || this.player.playing;
    // A stop near the end is none that leads on.
    this.stopped = true;
    this.player.audio.pause();
    if (was) say("Stopped.");
  }

  goOn(playing = this.player.playing) {
    if (!this.next) return say("Nothing comes after it.");
    this.cancel();
    keepTrail([...trail(), location.pathname]);
    location.assign(this.next.href + PLAY.repeat(playing && this.playable ? 1 : 0));
    return true;
  }

  /** The clip that was heard before, else the one before in the episode. */
  goBack() {
    const way = trail();
    const before = way.pop() ?? document.querySelector(".beside [rel=prev]")?.getAttribute("href");
    if (!before) return say("Nothing comes before it.");
    keepTrail(way);
    location.assign(before + PLAY);
    return true;
  }

  async skip() {
    if (!this.next) return say("Nothing comes after it.");
    const { playing } = this.player;
    this.player.audio.pause();
    await this.note();
    return this.goOn(playing);
  }
}

function trail() {
  try {
    return JSON.parse(sessionStorage.getItem(TRAIL)) ?? [];
  } catch {
    return [];
  }
}

function keepTrail(way) {
  try {
    sessionStorage.setItem(TRAIL, JSON.stringify(way.slice(-100)));
  } catch {
    // Then the way back is the episode's.
  }
}
