"""`livecam watch` through the command line: every event, from its first picture on, once."""

import csv
import json
import random
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import pytest
from built_daisy import with_built_daisy
from programs import one_line, started
from sinks.notify.receivers import WebServer
from support import MAIN, WAIT_S, eventually, livecam, livecam_here, program_env, textured
from watched_garden import RATE, daisy, meadow, numbers_in, visits_of, write_garden

from livecam.sinks.events.event_log import LOG_NAME, read_events

TO_THE_FRAME = [
    "--model",
    "flowers",
    "--when",
    "daisy > 0.5",
    "--look-every",
    "0",
    "--looks",
    "1/1",
]
REORDERED = 5
"""Pictures after the end that others need, or that are decoded before one of them."""


def events_in(folder: Path):
    return list(read_events(folder).values())


def clip_numbers(folder: Path, event, kind="clean"):
    return numbers_in(folder / event.files[kind])


@contextmanager
def watching(*arguments, cwd):
    """The program, watching, while the block goes on; it is ended with it."""
    command = [sys.executable, "-c", with_built_daisy() + MAIN, "watch", *map(str, arguments)]
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    with started(command, cwd=cwd, env=program_env(), **pipes) as program:
        yield program


def ended_by(program, number):
    """What it said until a signal ended it, and its exit code."""
    program.send_signal(number)
    _, said = program.communicate(timeout=WAIT_S)
    return said, program.returncode


def test_daisies_that_come_and_go_are_events_to_the_frame(tmp_path):
    seeded = random.Random(20)
    lengths = [1, 1, 2, 30, 1, 45, 3, 1, 12, 60, 1, 5]
    visits = visits_of([(seeded.randint(16, 40), length) for length in lengths])
    count = visits[-1].last + 30
    write_garden(tmp_path / "garden.mp4", visits, count)
    run = livecam(
        "watch", "garden.mp4", *TO_THE_FRAME,
        "--release", "0.5", "--before", "1", "--after", "0.5", cwd=tmp_path,
    )  # fmt: skip
    assert one_line(run, 0) == "livecam: 12 new events in events"
    events = events_in(tmp_path / "events")
    seen = [(round(event.start_s * RATE), round(event.end_s * RATE)) for event in events]
    assert seen == [(visit.first, visit.last) for visit in visits]
    for event, visit in zip(events, visits, strict=True):
        assert event.state == "ended"
        numbers = clip_numbers(tmp_path / "events", event)
        first, last = visit.first - RATE, visit.last + round(0.5 * RATE) - 1
        assert numbers == list(range(numbers[0], numbers[-1] + 1))
        assert abs(numbers[0] - first) <= 1
        assert 0 <= numbers[-1] - last <= REORDERED
        strongest = round(event.strongest.into_s * RATE)
        assert visit.first <= numbers[strongest] <= visit.last
        assert event.strongest.probability > 0.9
        assert event.strongest.frame_size == (320, 240)


def test_flicker_is_one_event_and_a_single_picture_none_with_two_of_three(tmp_path):
    flicker = [(30, 2), (1, 1), (2, 3), (1, 2)]
    visits = visits_of([*flicker, (40, 1), (40, 6)])
    write_garden(tmp_path / "garden.mp4", visits, visits[-1].last + 30)
    run = livecam_here("watch", "garden.mp4", *TO_THE_FRAME[:-2], "--release", "0.5", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    seen = [
        (round(e.start_s * RATE), round(e.end_s * RATE)) for e in events_in(tmp_path / "events")
    ]
    assert seen == [(visits[0].first, visits[3].last), (visits[5].first, visits[5].last)]


def test_a_clip_that_is_cut_off_is_named_and_exit_code_4_and_the_others_are_watched(tmp_path):
    visits = visits_of([(20, 10), (30, 5)])
    for name in ("bed.mkv", "pot.mkv"):
        write_garden(tmp_path / name, visits, visits[-1].last + 20)
    bed = tmp_path / "bed.mkv"
    bed.write_bytes(bed.read_bytes()[: bed.stat().st_size // 2])
    run = livecam_here("watch", "bed.mkv", "pot.mkv", *TO_THE_FRAME, cwd=tmp_path)
    assert run.returncode == 4, run.stderr
    assert "livecam: camera-1: bed.mkv is damaged: " in run.stderr
    assert "pot.mkv is damaged" not in run.stderr
    of_pot = [event for event in events_in(tmp_path / "events") if event.camera == "camera-2"]
    assert [event.state for event in of_pot] == ["ended", "ended"]


def test_two_conditions_and_two_cameras_each_have_their_events(tmp_path):
    visits = visits_of([(20, 10), (30, 5)])
    for name in ("bed.mp4", "pot.mp4"):
        write_garden(tmp_path / name, visits, visits[-1].last + 20)
    (tmp_path / "garden.toml").write_text(
        """
        model = "flowers"
        looks = "1/1"
        look-every = 0.0
        release = 0.5
        when = "daisy > 0.5"

        [camera.bed]
        source = "bed.mp4"
        when = ["daisy > 0.5", "max(daisy) > 30"]

        [camera."the pot"]
        source = "pot.mp4"
        before = 0.0
        after = 0.0
        """
    )
    run = livecam_here("watch", "garden.toml", "--events", "kept", cwd=tmp_path)
    assert one_line(run, 0) == "livecam: 6 new events in kept"
    events = events_in(tmp_path / "kept")
    assert sorted(event.camera for event in events) == ["bed"] * 4 + ["the pot"] * 2
    whys = {event.why for event in events if event.camera == "bed"}
    assert whys == {"daisy > 0.5", "max(daisy) > 30"}
    assert len({event.event for event in events}) == 6
    for event in events:
        if event.camera == "the pot":
            length = round(event.duration_s * RATE) + 1
            assert 0 <= len(clip_numbers(tmp_path / "kept", event)) - length <= REORDERED


def test_clips_with_maps_show_the_same_pictures(tmp_path):
    visits = visits_of([(12, 8)])
    write_garden(tmp_path / "garden.mp4", visits, visits[-1].last + 20)
    for keep in ("both", "annotated"):
        run = livecam_here(
            "watch", "garden.mp4", *TO_THE_FRAME, "--events", keep, "--keep", keep,
            "--before", "0.5", "--after", "0.5", "--release", "0.3", cwd=tmp_path,
        )  # fmt: skip
        assert run.returncode == 0, run.stderr
    (both,), (annotated,) = events_in(tmp_path / "both"), events_in(tmp_path / "annotated")
    assert set(both.files) == {"clean", "annotated", "figures", "thumbnail"}
    assert set(annotated.files) == {"annotated", "figures", "thumbnail"}
    clean = clip_numbers(tmp_path / "both", both)
    assert clip_numbers(tmp_path / "both", both, "annotated") == clean
    assert clip_numbers(tmp_path / "annotated", annotated, "annotated") == clean
    day = (tmp_path / "annotated" / annotated.files["annotated"]).parent
    left = {path.name for path in day.glob(f"*{annotated.event}*")}
    assert left == {Path(name).name for name in annotated.files.values()}
    figures = (tmp_path / "both" / both.files["figures"]).read_text().splitlines()
    assert {"daisy"} == {json.loads(line)["class"] for line in figures}


def open_event(folder: Path):
    """The event that goes on, once its clip has grown; None without one."""
    for event in events_in(folder):
        clip = event.files.get("clean")
        if event.state == "open" and clip and (folder / clip).stat().st_size > 100_000:
            return event
    return None


NOTE = """
import sys
with open(sys.argv[1], "a") as file:
    print(*sys.argv[2:], file=file)
"""
SCENE = ["daisy", "--model", "flowers", "--when", "daisy > 0.5", "--scene-size", "320x240"]


@contextmanager
def serving(folder, cwd):
    """`livecam serve` of a folder of events, which answers."""
    command = [sys.executable, "-c", MAIN, "serve", folder, "--port", "0", "--no-token"]
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    with started(command, cwd=cwd, env=program_env(), **pipes) as program:
        said_next(program, "page is at")
        yield program


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("is_served", [False, True], ids=["watched", "served"])
def test_a_killed_program_leaves_its_event_which_is_cut_at_the_next_start(tmp_path, is_served):
    """Others are told of that by the next program that watches, once, whoever cuts it."""
    folder = tmp_path / "events"
    with watching(*SCENE, "--look-every", "0.1", cwd=tmp_path) as program:
        event = eventually(lambda: open_event(folder))
        program.kill()
        program.wait(WAIT_S)
    with (folder / LOG_NAME).open("a") as file:
        file.write('{"event": "2026')  # as if it had been killed in the middle of a line
    if is_served:
        with serving("events", tmp_path) as page:
            assert events_in(folder)[0].state == "cut"
            ended_by(page, signal.SIGTERM)
    (tmp_path / "note.py").write_text(NOTE)
    on_end = f'"{sys.executable}" note.py ended.txt {{event}} {{clean}}'
    told = ["--on-end", on_end, "--webhook"]
    with (
        WebServer(200) as server,
        watching(*SCENE, "--look-every", "0.1", *told, server.url, cwd=tmp_path) as program,
    ):
        eventually(lambda: len(events_in(folder)) == 2)
        said, code = ended_by(program, signal.SIGTERM)
    first, *_ = server.bodies
    assert (first["moment"], first["event"], first["state"]) == ("end", event.event, "cut")
    assert first["end"]
    assert first["picture_jpeg"]
    assert code == 143, said
    told_of = [body["event"] for body in server.bodies if body["moment"] == "end"]
    assert told_of.count(event.event) == 1
    cut_now = "1 event went on when livecam was ended last, now cut: "
    told_now = "1 event cut while nobody was told, which is done now: "
    assert f"{told_now if is_served else cut_now}{event.event}" in said
    cut, second = events_in(folder)
    assert (cut.event, cut.state, cut.start) == (event.event, "cut", event.start)
    assert set(cut.files) == {"clean", "figures", "thumbnail"}
    noted = (tmp_path / "ended.txt").read_text().splitlines()[0]
    assert noted == f"{cut.event} {Path('events', cut.files['clean'])}"
    figures = (folder / cut.files["figures"]).read_text().splitlines()
    times_s = [cut.begin_s + float(json.loads(line)["time_s"]) for line in figures]
    assert cut.looks == sum(time_s >= cut.start_s - 0.001 for time_s in times_s)
    assert cut.end_s >= event.strongest.into_s
    assert len(numbers_in(folder / cut.files["clean"])) >= 5
    with WebServer(200) as server:
        run = livecam_here(
            "watch", *SCENE, "--seconds", "1", "--webhook", server.url, cwd=tmp_path
        )  # fmt: skip
        assert run.returncode == 0, run.stderr
    assert event.event not in {body["event"] for body in server.bodies}
    assert second.event != cut.event
    assert second.state == "cut"  # ended by the signal
    assert len(numbers_in(folder / second.files["clean"])) >= 1
    assert not list(folder.rglob(".*"))


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="Windows has no SIGHUP")
def test_settings_are_read_again_while_an_event_goes_on(tmp_path):
    settings, folder = tmp_path / "garden.toml", tmp_path / "events"
    table = '[camera.bed]\nsource = "daisy"\nwhen = ["daisy > 0.5"{more}]\n'
    common = 'model = "flowers"\nscene-size = "320x240"\nlook-every = 0.1\n'
    settings.write_text(common + table.format(more=""))
    with watching("garden.toml", cwd=tmp_path) as program:
        first = eventually(lambda: open_event(folder))
        settings.write_text(common + "look-every = 3")  # not TOML: the key is there twice
        program.send_signal(signal.SIGHUP)
        assert "the settings stay as they are" in said_next(program, "settings")
        wrong = table.format(more="").replace('"daisy"', '"rtps://garden/live"')
        settings.write_text(common + wrong)
        program.send_signal(signal.SIGHUP)
        line = said_next(program, "settings")
        assert "the settings stay as they are: bed: rtps://garden/live is no address" in line
        settings.write_text(common + table.format(more=', "max(daisy) > 1"'))
        program.send_signal(signal.SIGHUP)
        assert "were read again: 1 source" in said_next(program, "settings")
        eventually(lambda: len(events_in(folder)) == 2)
        program.send_signal(signal.SIGINT)
        assert program.wait(WAIT_S) == 130
    events = events_in(folder)
    assert [event.why[:10] for event in events] == ["daisy > 0.", "max(daisy)"]
    assert events[0].event == first.event
    assert events[0].looks > first.looks


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="Windows has no SIGHUP")
def test_a_reload_while_it_starts_ends_nothing(tmp_path):
    """As `systemctl reload` right after a start: the folder is made long before the first look."""
    settings, folder = tmp_path / "garden.toml", tmp_path / "events"
    settings.write_text(
        'model = "flowers"\nscene-size = "320x240"\n'
        '[camera.bed]\nsource = "daisy"\nwhen = "daisy > 0.5"\n'
    )
    with watching("garden.toml", cwd=tmp_path) as program:
        eventually((folder / LOG_NAME).exists)
        assert program.poll() is None
        program.send_signal(signal.SIGHUP)
        assert "were read again: 1 source" in said_next(program, "settings")
        program.send_signal(signal.SIGINT)
        assert program.wait(WAIT_S) == 130


def said_next(program, word):
    """The next line of the program that has a word."""
    return next(line for line in program.stderr if word in line)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["garden.mp4"], 2, "nothing says what makes an event"),
        (["garden.mp4", "--when", "daisy > 80"], 2, "from 0 to 1"),
        (["garden.mp4", "--when", "daisy = 0.5"], 2, "=="),
        (["garden.mp4", "--when", "dandelyon > 0.5"], 2, "did you mean dandelion"),
        (["garden.mp4", "--when", "other > 0.5"], 2, "has no map"),
        (["garden.mp4", "--when", "rose > 0.5 and daisy > 0.5"], 2, "can never hold: the prob"),
        (["garden.mp4", "--when", "daisy > 0.5", "--looks", "3/2"], 2, "2/3"),
        (["garden.mp4", "--when", "daisy > 0.5", "--min-length", "9", "--max-length", "5"],
         2, "below"),
        (["garden.mp4", "--when", "daisy > 0.5", "--record", "x.mp4"], 2,
         "no setting of livecam watch"),
        (["--when", "daisy > 0.5"], 2, "nothing to watch"),
        (["missing.mp4", "--when", "daisy > 0.5"], 3, "missing.mp4"),
        (["missing.toml"], 2, "does not exist"),
        (["broken.toml"], 2, "[camera.bed]: source is missing"),
        (["unknown.toml"], 2, "[camera.bed]: there is no codec of a camera"),
        (["wrong.toml"], 2, "[camera.bed]"),
        (["good.toml", "0"], 2, "leave '0' out"),
        (["good.toml", "--config", "wrong.toml"], 2, "give one"),
    ],
)  # fmt: skip
def test_what_cannot_be_watched_is_refused_in_one_line(arguments, code, words, tmp_path):
    write = {
        "broken.toml": '[camera.bed]\nwhen = "daisy > 0.5"\n',
        "unknown.toml": '[camera.bed]\nsource = "0"\ncodec = "h264"\n',
        "wrong.toml": '[camera.bed]\nsource = "0"\nwhen = "daisy > 0.5"\nbefore = "soon"\n',
        "good.toml": '[camera.bed]\nsource = "0"\nwhen = "daisy > 0.5"\n',
        "garden.mp4": "no clip",
    }
    for name, text in write.items():
        (tmp_path / name).write_text(text)
    run = livecam_here("watch", *arguments, "--model", "flowers", cwd=tmp_path)
    assert words in one_line(run, code)
    assert run.stderr.count("\n") == 1  # before the network is loaded
    assert not (tmp_path / "events").exists()


def test_a_folder_is_watched_into_by_one_program(tmp_path):
    with watching(*SCENE, cwd=tmp_path) as program:
        eventually((tmp_path / "events" / LOG_NAME).exists)
        run = livecam_here("watch", *SCENE, cwd=tmp_path)
        assert "another livecam" in one_line(run, 2)
        _, code = ended_by(program, signal.SIGTERM)
    assert code == 143


def test_without_room_for_its_clips_it_watches_to_the_end_and_the_exit_code_says_so(tmp_path):
    """It ended with exit code 0, as if all had been kept."""
    write_garden(tmp_path / "garden.mp4", visits_of([(20, 6), (20, 6)]), 70)
    run = livecam(
        "watch", "garden.mp4", *TO_THE_FRAME,
        "--release", "0.5", "--disk-reserve", "1000000000", cwd=tmp_path,
    )  # fmt: skip
    assert run.returncode == 5, run.stderr
    assert run.stderr.count("there is no clip of it") == 2
    assert run.stderr.splitlines()[-1] == (
        "livecam: 2 new events in events; not everything could be written"
    )
    assert [set(event.files) for event in events_in(tmp_path / "events")] == (
        [{"figures", "thumbnail"}] * 2
    )


def test_a_visitor_that_was_taught_is_watched_and_counted(tmp_path):
    """The tutorial of docs/tutorials/pollinators.md, with a daisy for the bee."""
    shown = {"bee": daisy(), "other": meadow(), "hoverfly": textured(320, 240)}
    for name, bgr in shown.items():
        (tmp_path / "visitors" / name).mkdir(parents=True)
        for number in range(6):
            moved = np.roll(bgr, (3 * number, 2 * number), (1, 0))
            cv2.imwrite(str(tmp_path / "visitors" / name / f"{number}.png"), moved)
    run = livecam_here("teach", "visitors", "--model", "flowers", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    visits = visits_of([(20, 8), (40, 12)])
    write_garden(tmp_path / "visit.mp4", visits, visits[-1].last + 30)
    run = livecam_here(
        "watch", "visit.mp4", "--model", "visitors.livecam",
        "--when", "bee > 0.8", "--when", "hoverfly > 0.8", "--look-every", "0", cwd=tmp_path,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    events = events_in(tmp_path / "events")
    assert [event.class_name for event in events] == ["bee", "bee"]
    assert [round(event.start_s * RATE) for event in events] == [one.first for one in visits]
    (counts,) = (tmp_path / "events").rglob("counts.csv")
    with counts.open(newline="") as file:
        assert sum(int(row["events"]) for row in csv.DictReader(file)) == 2
