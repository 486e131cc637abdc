"""whisper.cpp as a system under test.

Reads paths of 16 kHz WAV files from stdin, one JSON string a line, and answers each with a line of JSON: the
words, and what it took to hear them. Its own defaults, but for the beam and for a segment a word, which is how it
gives times of words.
"""

import json
import math
import os
import sys
import time

# What whisper.cpp itself prints must not come between the answers.
ANSWERS = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

import _pywhispercpp as binding
from pywhispercpp.model import Model


def peak_mb():
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) * 1024 / 1e6 for line in status if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        return None


def hear(model, path, language):
    cpu, wall = time.process_time(), time.perf_counter()
    heard = {"text": "", "sound_s": 0.0, "error": None, "words": []}
    try:
        sound = model._load_audio(path)
        heard["sound_s"] = len(sound) / binding.WHISPER_SAMPLE_RATE
        segments = model.transcribe(sound, language=language, extract_probability=True)
        told = binding.whisper_lang_str(binding.whisper_full_lang_id(model._ctx))
        for segment in segments:
            if text := segment.text.strip():
                times = {"start_s": segment.t0 / 100, "end_s": segment.t1 / 100}
                sure = None if math.isnan(segment.probability) else segment.probability
                heard["words"].append({"text": text, **times, "confidence": sure, "language": told})
        heard["text"] = " ".join(word["text"] for word in heard["words"])
    except Exception as fault:  # One bad file is a finding about that file, not the end of the run.
        heard["error"] = f"{type(fault).__name__}: {fault}"
    heard["cpu_s"] = time.process_time() - cpu
    heard["wall_s"] = time.perf_counter() - wall
    return heard | {"peak_mb": peak_mb()}


def main():
    settings = json.loads(sys.argv[1])
    options = {"n_threads": settings["threads"], "print_progress": False}
    options |= {"token_timestamps": True, "max_len": 1, "split_on_word": True}
    if names := settings.get("names"):
        options |= {"initial_prompt": "Glossary: " + ", ".join(names), "carry_initial_prompt": True}
    if settings["beam"] > 1:
        options["beam_search"] = {"beam_size": settings["beam"], "patience": -1.0}
    model = Model(
        settings["model"],
        params_sampling_strategy=int(settings["beam"] > 1),
        redirect_whispercpp_logs_to=None,
        **options,
    )
    language = settings["language"] or "auto"
    for line in sys.stdin:
        print(json.dumps(hear(model, json.loads(line), language)), file=ANSWERS, flush=True)


main()
