"""One command for everything: `python -m training --shared ../shared --out training_out`."""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from time import monotonic

from training.settings import Settings

TORCH_STEPS = ("prepare", "teach", "scenes", "learn", "sharpen", "calibrate")
KERAS_STEPS = ("export", "evaluate", "yardsticks", "localise", "montage")
LAST_STEPS = ("bundle",)  # only when asked for: it changes the program


def main() -> int:
    """Run the steps asked for, by default all, in their order."""
    asked = _arguments()
    asked.out.mkdir(parents=True, exist_ok=True)
    for step in asked.steps or (*TORCH_STEPS, *KERAS_STEPS):
        began = monotonic()
        if step in KERAS_STEPS and asked.keras_python:
            again = [asked.keras_python, "-m", "training", step, "--shared", str(asked.shared)]
            subprocess.run([*again, "--out", str(asked.out), "--split", asked.split], check=True)
        else:
            (_run_with_torch if step in TORCH_STEPS else _run_with_keras)(step, asked)
        print(f"{step}: {(monotonic() - began) / 60:.1f} minutes", flush=True)
    return 0


# The imports are late: the torch steps need no Keras, the Keras steps no torch.
def _run_with_torch(step: str, asked: argparse.Namespace) -> None:
    shared, out, settings = asked.shared, asked.out, Settings()
    seconds = asked.minutes * 60.0 if asked.minutes else None
    if step not in ("prepare", "scenes"):
        import torch

        torch.set_num_threads(settings.threads)
    match step:
        case "prepare":
            from training.data.build_stores import prepare_pictures

            print(prepare_pictures(shared, out, settings), "pictures")
        case "teach":
            from training.train.teacher import teach

            teach(shared, out, settings, seconds)
        case "scenes":
            from training.data.build_stores import prepare_scenes

            print(prepare_scenes(out, settings), "rendered views")
        case "learn":
            from training.train.student import learn

            learn(out, settings, seconds)
        case "sharpen":
            from training.train.localisation import sharpen

            sharpen(out, settings)
        case "calibrate":
            from training.export.head_calibration import calibrate

            print(calibrate(out, settings))


def _run_with_keras(step: str, asked: argparse.Namespace) -> None:
    shared, out, settings = asked.shared, asked.out, Settings()
    match step:
        case "export":
            from training.export.keras_export import export

            export(out, settings)
        case "evaluate":
            from training.evaluate.held_out import evaluate

            print(json.dumps(evaluate(out, settings, asked.split), indent=1))
        case "yardsticks":
            from training.evaluate.held_out import yardsticks

            print(json.dumps(yardsticks(shared, out, asked.split), indent=1))
        case "localise":
            from training.evaluate.peak_location import localise

            print(json.dumps(localise(shared, out, settings, asked.split), indent=1))
        case "montage":
            from training.evaluate.contact_sheet import montage

            montage(out, out / f"montage_{asked.split}.png", settings, asked.split)
        case "bundle":
            from training.export.bundled_model import bundle

            print("written to", bundle(out))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    every = (*TORCH_STEPS, *KERAS_STEPS, *LAST_STEPS)
    parser.add_argument("steps", nargs="*", choices=[*every, []], help="default: all but bundle")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--out", type=Path, default=Path("training_out"))
    parser.add_argument("--split", choices=("validation", "test"), default="test")
    parser.add_argument("--minutes", type=float, help="fit teach or learn into so much time")
    parser.add_argument("--keras-python", help="interpreter of another environment with Keras")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
