"""faster-whisper as a system under test.

Reads paths from stdin, one JSON string a line, and answers each with a line of JSON: the words, and what it
took to hear them. Sequential mode, on purpose: a window at a time, as Earwitness does by default.
"""

import json
import sys
import time

from faster_whisper import WhisperModel


def peak_mb():
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) * 1024 / 1e6 for line in status if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        return None


def hear(model, path, settings):
    cpu, wall = time.process_time(), time.perf_counter()
    text, sound, error = "", 0.0, None
    try:
        segments, info = model.transcribe(
            path,
            language=settings["language"],
            beam_size=settings["beam"],
            word_timestamps=True,
            vad_filter=settings["peer_vad"],
        )
        text = " ".join(segment.text.strip() for segment in segments)
        sound = info.duration
    except Exception as fault:  # One bad file is a finding about that file, not the end of the run.
        error = f"{type(fault).__name__}: {fault}"
    return {
        "text": text,
        "sound_s": sound,
        "cpu_s": time.process_time() - cpu,
        "wall_s": time.perf_counter() - wall,
        "peak_mb": peak_mb(),
        "error": error,
    }


def main():
    settings = json.loads(sys.argv[1])
    model = WhisperModel(settings["model"], device="cpu", compute_type="int8", cpu_threads=settings["threads"])
    for line in sys.stdin:
        print(json.dumps(hear(model, json.loads(line), settings)), flush=True)


main()
