"""Which settings need which: flags that add to an output need that output."""

from livecam.core.coco_name import is_coco_name
from livecam.errors import SettingsError
from livecam.settings.schema import ModelSettings, OutputSettings, ServeSettings, Settings


def check_stats_flags(settings: Settings) -> None:
    """Raise SettingsError for flags that add to --stats where no figures are written."""
    output = settings.output
    figures = output.stats is not None or settings.recording.record_stats
    adding = {"--grid": output.grid, "--top": output.top}
    flag = next((name for name, given in adding.items() if given and not figures), "")
    if output.timings and output.stats is None:
        flag = "--timings"
    if flag:
        raise SettingsError(f"{flag} adds to the figures of --stats: give --stats FILE as well.")
    _check_coco(settings)


def _check_coco(settings: Settings) -> None:
    output = settings.output
    if output.stats is None or not is_coco_name(output.stats):
        return
    if not settings.objects.boxes:
        raise SettingsError(f"--stats {output.stats} is for boxes: give --boxes as well.")
    adding = {"--grid": output.grid, "--top": output.top, "--timings": output.timings}
    flag = next((name for name, given in adding.items() if given), "")
    if flag:
        raise SettingsError(
            f"{flag} adds figures, and COCO JSON has boxes only: give --stats FILE.jsonl."
        )


def check_picture_flags(settings: Settings) -> None:
    """Raise SettingsError for --save-every where no pictures are saved."""
    output = settings.output
    if output.save_pictures is None and output.save_every != OutputSettings().save_every:
        raise SettingsError("--save-every is for pictures: give --save-pictures FOLDER as well.")


def check_recording_flags(settings: Settings) -> None:
    """Raise SettingsError for flags of recordings where nothing can be recorded."""
    if settings.output.record is not None or settings.serve.serve:
        return
    chosen = settings.recording
    adding = {
        "--record-clean": chosen.record_clean,
        "--record-stats": chosen.record_stats,
        "--clip-before": chosen.clip_before > 0,
        "--split": chosen.split is not None,
        "--microphone": chosen.microphone_name is not None,
    }
    for flag, given in adding.items():
        if given:
            raise SettingsError(f"{flag} adds to a recording: give --record FILE as well.")


def check_microphone_flag(settings: Settings) -> None:
    """Raise SettingsError for --microphone with --sound drop."""
    chosen = settings.recording
    if chosen.microphone_name is not None and chosen.sound == "drop":
        raise SettingsError(
            "--microphone records sound, and --sound drop records none: give one of them."
        )


def check_keep_flags(settings: Settings) -> None:
    """Raise SettingsError for limits of what is kept without --record, whose names they are for."""
    chosen = settings.recording
    limits = {"--keep-days": chosen.keep_days, "--keep-gb": chosen.keep_gb}
    for flag, given in limits.items():
        if given is not None and settings.output.record is None:
            raise SettingsError(
                f"{flag} adds to a recording under names of --record: give --record FILE as well."
            )


def check_pause_flag(settings: Settings) -> None:
    """Raise SettingsError for --paused without a window or page, where nobody could go on."""
    if settings.window.paused and not settings.serve.serve:
        raise SettingsError("--paused waits for the key Space: it needs a window, or --serve.")


def flags_without_screen(settings: Settings) -> list[str]:
    """What was asked of a screen, or of recordings, and has no effect in a run without a window."""
    window, recording = settings.window, settings.recording
    asked = {"--fullscreen": window.fullscreen, "--keys": window.keys}
    if not settings.serve.serve:
        asked |= {"--no-figures": not window.figures, "--top-five": window.top_five}
        if settings.output.record is None and settings.output.save_pictures is None:
            asked["--no-record-figures"] = not recording.record_figures
            asked["--record-top"] = recording.record_top
            asked["--record-clock"] = recording.record_clock
    return [flag for flag, is_given in asked.items() if is_given]


def check_calibration_flag(settings: ModelSettings) -> None:
    """Raise SettingsError for --calibration without --precision int8."""
    if settings.calibration is not None and settings.precision != "int8":
        raise SettingsError("--calibration is for --precision int8: add that, or leave it out.")


def check_token_flags(settings: ServeSettings) -> None:
    """Raise SettingsError for two answers to the question which token the page asks for."""
    asked = {
        "--token": settings.token is not None,
        "--token-file": settings.token_file is not None,
        "--no-token": not settings.ask_token,
    }
    flags = [flag for flag, given in asked.items() if given]
    if len(flags) > 1:
        raise SettingsError(f"{flags[0]} and {flags[1]} exclude each other: give one of them.")
    if settings.guests and not settings.ask_token:
        raise SettingsError(
            "--guests lets others look alone, --no-token lets them do everything: give one of them."
        )


def check_loop_flag(settings: Settings) -> None:
    """Raise SettingsError for --at-end loop with --record, which would never end."""
    if settings.window.at_end == "loop" and settings.output.record is not None:
        raise SettingsError("--at-end loop never ends, and --record with it: leave out one.")
