"""faster-whisper as a system under test.

Reads paths from stdin, one JSON string a line, and answers each with a line of JSON: the words, and what it
took to hear them. Sequential mode hears a window at a time, as it does by default; batched mode eight at once,
behind its voice detector, without which it does not run.
"""

import json
import sys
import time

from faster_whisper import BatchedInferencePipeline, WhisperModel


def peak_mb():
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) * 1024 / 1e6 for line in status if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        return None


def written(word, language):
    return {
        "text": word.word.strip(),
        "start_s": float(word.start),
        "end_s": float(word.end),
        "confidence": float(word.probability),
        "language": language,
    }


def hear(model, path, options):
    cpu, wall = time.process_time(), time.perf_counter()
    heard = {"text": "", "sound_s": 0.0, "error": None, "words": []}
    try:
        segments, info = model.transcribe(path, word_timestamps=True, **options)
        segments = list(segments)
        heard["text"] = " ".join(segment.text.strip() for segment in segments)
        heard["words"] = [written(word, info.language) for segment in segments for word in segment.words or []]
        heard["sound_s"] = info.duration
    except Exception as fault:  # One bad file is a finding about that file, not the end of the run.
        heard["error"] = f"{type(fault).__name__}: {fault}"
    heard["cpu_s"] = time.process_time() - cpu
    heard["wall_s"] = time.perf_counter() - wall
    return heard | {"peak_mb": peak_mb()}


def main():
    settings, name = json.loads(sys.argv[1]), sys.argv[2]
    model = WhisperModel(settings["model"], device="cpu", compute_type="int8", cpu_threads=settings["threads"])
    options = {"language": settings["language"], "beam_size": settings["beam"]}
    if names := settings.get("names"):
        options["hotwords"] = ", ".join(names)
    if name == "faster-whisper-batched":
        model = BatchedInferencePipeline(model)
        options["batch_size"] = 8
    else:
        options["vad_filter"] = settings["peer_vad"]
    for line in sys.stdin:
        print(json.dumps(hear(model, json.loads(line), options)), flush=True)


main()
