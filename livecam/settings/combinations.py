"""Which settings need which: flags that add to an output need that output."""

from livecam.errors import SettingsError
from livecam.settings.schema import ModelSettings, Settings


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


def check_recording_flags(settings: Settings) -> None:
    """Raise SettingsError for flags of recordings where nothing can be recorded."""
    if settings.output.record is not None or settings.serve.serve:
        return
    chosen = settings.recording
    adding = {
        "--record-clean": chosen.record_clean,
        "--record-stats": chosen.record_stats,
        "--clip-before": chosen.clip_before > 0,
    }
    for flag, given in adding.items():
        if given:
            raise SettingsError(f"{flag} adds to a recording: give --record FILE as well.")


def check_calibration_flag(settings: ModelSettings) -> None:
    """Raise SettingsError for --calibration without --precision int8."""
    if settings.calibration is not None and settings.precision != "int8":
        raise SettingsError("--calibration is for --precision int8: add that, or leave it out.")
