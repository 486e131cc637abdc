// The player: one bar, one sound. Times are in seconds.

import { bind, say } from "./keys.js";

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3];

/** `3:07`, `1:02:09` */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

export class Player {
  /** Takes over the bar's `audio`. `onTime` is told the time whenever it may have changed. */
  constructor(bar, onTime = () => {}) {
    this.bar = bar;
    this.audio = bar.querySelector("audio");
    this.onTime = () => {};
    // A clip's bar has a stretch of the sound, and knows of no other.
    this.from = Number(bar.dataset.start ?? 0);
    this.to = Number(bar.dataset.end ?? Infinity);
    this.until = this.to;
    this.audio.controls = false;
    this.part("controls").hidden = false;
    this.part("play").onclick = () => this.toggle();
    this.part("speed").onclick = () => this.speed(1, true);
    this.part("seek").oninput = (event) => this.seek(Number(event.target.value));
    for (const name of ["play", "pause", "seeked", "durationchange", "ratechange", "timeupdate", "ended"]) {
      this.audio.addEventListener(name, () => this.show());
    }
    this.audio.addEventListener("play", () => this.tick());
    this.audio.addEventListener("error", () => this.audio.currentSrc && say("This sound can’t be played in this browser."));
    this.setSpeed(Number(recall("speed")) || 1);
    bind([" "], () => this.ready() && this.toggle());
    bind(["ArrowLeft"], () => this.ready() && this.seek(this.time - 5));
    bind(["ArrowRight"], () => this.ready() && this.seek(this.time + 5));
    bind(["["], () => this.speed(-1));
    bind(["]"], () => this.speed(1));
    this.show();
    // Only now: the page's own code has no player yet while this runs.
    this.onTime = onTime;
  }

  part(name) {
    return this.bar.querySelector(`.${name}`);
  }

  ready() {
    return Boolean(this.audio.src) && !this.bar.hidden;
  }

  get time() {
    return this.audio.currentTime;
  }

  get playing() {
    return !this.audio.paused;
  }

  get duration() {
    const { duration, dataset } = this.audio;
    return Number.isFinite(duration) ? duration : Number(dataset.seconds) || 0;
  }

  /** Loads another sound, unless it is loaded already. */
  load(src) {
    if (this.audio.getAttribute("src") !== src) this.audio.src = src;
  }

  seek(seconds) {
    const end = Math.min(this.to, this.duration || seconds);
    this.until = this.to;
    this.audio.currentTime = Math.min(Math.max(this.from, seconds), end);
    this.show();
  }

  /** Whether the stretch is over. Browsers stop a little before or after what they were told. */
  get isOver() {
    return this.time >= this.to - 0.1;
  }

  /** Plays from a moment, up to another if there is one. Where the browser refuses, the bar says how to go on. */
  async playFrom(seconds, until = Infinity) {
    this.seek(seconds);
    this.until = Math.min(until, this.to);
    await this.play();
  }

  async play() {
    try {
      await this.audio.play();
    } catch (error) {
      if (error.name === "NotAllowedError") this.bar.classList.add("cued");
    }
  }

  toggle() {
    if (this.playing) {
      this.audio.pause();
      return;
    }
    if (this.isOver) this.seek(this.from);
    if (this.time >= this.until) this.until = this.to;
    this.play();
  }

  speed(step, around = false) {
    const at = SPEEDS.indexOf(this.audio.playbackRate) + step;
    this.setSpeed(SPEEDS[around ? at % SPEEDS.length : Math.min(Math.max(0, at), SPEEDS.length - 1)]);
    remember("speed", this.audio.playbackRate);
  }

  setSpeed(rate) {
    const { audio } = this;
    audio.playbackRate = audio.defaultPlaybackRate = SPEEDS.includes(rate) ? rate : 1;
    const button = this.part("speed");
    button.textContent = `${audio.playbackRate}×`;
    button.ariaLabel = `Speed: ${audio.playbackRate} times`;
  }

  /** Runs with the screen while sound is playing, so that marks keep up with words. */
  tick() {
    if (!this.playing) return;
    this.onTime(this.time);
    this.stopAtEnd();
    requestAnimationFrame(() => this.tick());
  }

  stopAtEnd() {
    if (this.playing && this.time >= this.until) this.audio.pause();
  }

  show() {
    const { bar, duration, time, playing, from } = this;
    const end = Number.isFinite(this.to) ? this.to : duration;
    // Hidden pages get no frames but still hear the end of a stretch.
    this.stopAtEnd();
    bar.classList.toggle("on", playing);
    if (playing) bar.classList.remove("cued");
    this.part("play").ariaLabel = playing ? "Pause" : "Play";
    this.part("now").textContent = clock(time - from);
    this.part("total").textContent = end ? ` / ${clock(end - from)}` : "";
    const seek = this.part("seek");
    seek.min = from;
    seek.max = end || 1;
    seek.value = end ? time : 0;
    seek.ariaValueText = clock(time - from);
    this.onTime(time);
  }
}

/** What was remembered of this browser's user; null where nothing is. */
export function recall(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // Private windows may refuse.
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // It is only a convenience.
  }
}
