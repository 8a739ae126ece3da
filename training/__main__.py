"""One command for everything: `python -m training --shared ../shared --out training_out`."""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from training.settings import Settings, Split, quick_settings, with_longer_student

TORCH_STEPS = (
    "build-pictures", "train-teacher", "render-scenes", "train-student", "train-localisation",
    "refine-last-blocks", "calibrate-head",
)  # fmt: skip
KERAS_STEPS = (
    "export", "evaluate-held-out", "evaluate-baselines", "evaluate-peaks", "evaluate-mirror",
    "evaluate-int8", "draw-contact-sheet", "write-table",
)  # fmt: skip
# Only when asked for: they change the program, or answer a question of their own.
LAST_STEPS = ("bundle", "write-credits", "compare-widths", "other-features")
UNPACKING_STEPS = ("unpack-bundle",)  # before refine-last-blocks, when asked for
WITHOUT_TORCH = ("build-pictures", "render-scenes")


def main() -> int:
    """Run the steps asked for, by default all, in their order."""
    arguments = _arguments()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for step in arguments.steps or (*TORCH_STEPS, *KERAS_STEPS):
        began_s = monotonic()
        if step in KERAS_STEPS and arguments.keras_python:
            _run_elsewhere(arguments, step)
        else:
            _run_here(arguments, step)
        print(f"{step}: {(monotonic() - began_s) / 60:.1f} minutes", flush=True)
    return 0


def _run_elsewhere(arguments: argparse.Namespace, step: str) -> None:
    command = [arguments.keras_python, "-m", "training", step, "--shared", str(arguments.shared)]
    command += ["--out", str(arguments.out), "--split", arguments.split]
    subprocess.run([*command, *(["--quick"] if arguments.quick else [])], check=True)


def _run_here(arguments: argparse.Namespace, step: str) -> None:
    settings = quick_settings() if arguments.quick else Settings()
    settings = with_longer_student(settings, arguments.longer)
    of_torch = step in (*TORCH_STEPS, *UNPACKING_STEPS)
    if of_torch and step not in WITHOUT_TORCH:
        import torch

        torch.set_num_threads(settings.threads)
    run = _torch_step if of_torch else _keras_step
    run(step, arguments, settings)()


# The imports are late: the torch steps need no Keras, the Keras steps no torch.
def _torch_step(
    step: str, arguments: argparse.Namespace, settings: Settings
) -> Callable[[], object]:
    shared, out = arguments.shared, arguments.out
    seconds = arguments.minutes * 60.0 if arguments.minutes else None
    match step:
        case "build-pictures":
            from training.data.build_stores import build_picture_store

            return lambda: print(build_picture_store(shared, out, settings), "pictures")
        case "train-teacher":
            from training.train.teacher import train_teacher

            return lambda: train_teacher(shared, out, settings, seconds)
        case "render-scenes":
            from training.data.build_stores import build_rendered_stores

            return lambda: print(build_rendered_stores(out, settings), "rendered views")
        case "train-student":
            from training.train.student import train_student

            return lambda: train_student(out, settings, seconds)
        case "train-localisation":
            from training.train.localisation import train_localisation

            return lambda: train_localisation(out, settings)
        case _:
            return _head_step(step, out, settings)


def _head_step(step: str, out: Path, settings: Settings) -> Callable[[], object]:
    match step:
        case "unpack-bundle":
            from training.network.bundled_weights import unpack_bundle

            return lambda: print("written to", unpack_bundle(out, settings))
        case "refine-last-blocks":
            from training.train.localisation import refine_last_blocks

            return lambda: refine_last_blocks(out, settings)
        case _:
            from training.train.head_calibration import calibrate_head

            return lambda: print(calibrate_head(out, settings))


def _keras_step(
    step: str, arguments: argparse.Namespace, settings: Settings
) -> Callable[[], object]:
    shared, out, split = arguments.shared, arguments.out, arguments.split
    match step:
        case "export":
            from training.export.keras_export import export_to_keras

            return lambda: export_to_keras(out, settings)
        case _ if step.startswith("evaluate-"):
            return lambda: _print_json(_evaluation(step, shared, out, settings, split))
        case _:
            return _last_step(step, arguments, settings)


def _evaluation(
    step: str, shared: Path, out: Path, settings: Settings, split: Split
) -> dict[str, object]:
    """The figures of one of the evaluations."""
    match step:
        case "evaluate-held-out":
            from training.evaluate.held_out import evaluate_held_out

            return evaluate_held_out(out, settings, split)
        case "evaluate-baselines":
            from training.evaluate.held_out import evaluate_baselines

            return evaluate_baselines(shared, out, settings, split)
        case "evaluate-peaks":
            from training.evaluate.peak_location import evaluate_peaks

            return evaluate_peaks(shared, out, settings, split)
        case "evaluate-mirror":
            from training.evaluate.mirror_offset import evaluate_mirror

            return evaluate_mirror(out, settings, split)
        case _:
            from training.evaluate.int8_agreement import evaluate_int8

            return evaluate_int8(out, settings, split)


def _last_step(
    step: str, arguments: argparse.Namespace, settings: Settings
) -> Callable[[], object]:
    shared, out, split = arguments.shared, arguments.out, arguments.split
    match step:
        case "draw-contact-sheet":
            from training.evaluate.contact_sheet import draw_contact_sheet

            target = out / f"contact_sheet_{split}.png"
            return lambda: draw_contact_sheet(out, target, settings, split)
        case "write-table":
            from training.evaluate.table import write_table

            return lambda: print(write_table(out, split))
        case "write-credits":
            from training.data.credits import write_credits

            return lambda: print("written to", write_credits(shared))
        case "other-features":
            from training.export.other_things import write_other_features

            return lambda: print("written to", *write_other_features(shared))
        case "compare-widths":
            from training.evaluate.width_cost import compare_widths

            return lambda: _print_json(compare_widths())
        case _:
            from training.export.bundled_model import write_bundled_model

            return lambda: print("written to", write_bundled_model(out))


def _print_json(figures: dict[str, object]) -> None:
    print(json.dumps(figures, indent=1))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    every = (*TORCH_STEPS, *KERAS_STEPS, *LAST_STEPS, *UNPACKING_STEPS)
    parser.add_argument(
        "steps", nargs="*", choices=[*every, []], metavar="STEP",
        help=f"{', '.join(every)}; default: all but the last five",
    )  # fmt: skip
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--out", type=Path, default=Path("training_out"))
    parser.add_argument("--split", choices=("validation", "test"), default="test")
    parser.add_argument("--minutes", type=float, help="fit a training into so much time")
    parser.add_argument(
        "--longer", type=float, default=1.0, metavar="N", help="N times the student's steps"
    )
    parser.add_argument("--quick", action="store_true", help="tiny numbers: try every step out")
    parser.add_argument("--keras-python", help="interpreter of another environment with Keras")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
