#!/usr/bin/env bash
# Over ALSA's plugin of PulseAudio, PortAudio says of the first blocks of a microphone that they sounded
# up to half a second before they came, and takes that back within seconds, though nothing is
# lost and the blocks come evenly: its inputBufferAdcTime moves by hundreds of milliseconds
# against the count of samples. Its stream clock is the wall clock there, which may be set
# (PortAudio 19.6 of Debian 12, alsa-plugins 1.2.7, PulseAudio 16.1, sounddevice 0.5.6). livecam goes by when
# blocks come, less the least delay of the last minute (livecam/sources/microphone/portaudio.py).
#
# The guess: inputBufferAdcTime says when a sample sounded, as the documentation of PortAudio
# promises, or is wrong by the same amount all the time.
# A microphone without a sound card: the monitor of a null sink, recorded for four seconds in blocks of
# 20 ms, of four sound servers that were just started. "Within" is the median of the four, "moved"
# the largest: not each time is wrong by as much.
# Needs bash, python3 (3.11 or newer), pip, pulseaudio, pactl, libportaudio2 and libasound2-plugins;
# any user; less than a minute.
# The output, which this script compares with what it gets:
#   > samples lost: none
#   > when blocks came, against the count of samples: within 30 ms
#   > when they sounded by PortAudio, against the count of samples: moved by more than 100 ms
#   > PortAudio's clock: the wall clock
set -euo pipefail
folder=$(mktemp -d)
daemon=
trap 'if [ -n "$daemon" ]; then kill "$daemon"; fi; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet sounddevice==0.5.6 numpy==2.4.6
export XDG_RUNTIME_DIR="$folder" HOME="$folder" PULSE_SERVER="unix:$folder/socket"
cat > "$folder/record.py" << 'PYTHON'
import json
import time
from statistics import median

import sounddevice

RATE, BLOCK = 48_000, 960
blocks = []


def take(samples, count, times, status):
    moment = time.perf_counter(), time.time()
    blocks.append((moment, times.inputBufferAdcTime, times.currentTime, status.input_overflow))


def against_samples_ms(times_s):
    return [1000 * (at_s - n * BLOCK / RATE) for n, at_s in enumerate(times_s)]


with sounddevice.InputStream(
    samplerate=RATE, blocksize=BLOCK, channels=1, dtype="int16", latency=0.1, callback=take
):
    time.sleep(4)
# The first blocks come at once; a busy machine takes some others late.
came_ms = sorted(against_samples_ms([moment[0] for moment, *_ in blocks[25:]]))
# Of PortAudio's clock the differences count alone, so that it does not matter which it is.
sounded_ms = against_samples_ms([moment[0] - (now - adc) for moment, adc, now, _ in blocks])
print(json.dumps({
    "lost": sum(overflow for *_, overflow in blocks),
    "came_ms": came_ms[len(came_ms) * 8 // 10] - came_ms[0],
    "moved_ms": median(sounded_ms[-50:]) - median(sounded_ms[:20]),
    "is_wall_clock": max(abs(moment[1] - now) for moment, _, now, _ in blocks) < 1.0,
}))
PYTHON
for _ in 1 2 3 4; do
    pulseaudio -n --daemonize=no --exit-idle-time=-1 --use-pid-file=no \
        -L "module-native-protocol-unix socket=$folder/socket auth-anonymous=1" \
        -L "module-null-sink sink_name=speaker rate=48000" \
        -L "module-remap-source master=speaker.monitor source_name=microphone" 2> /dev/null &
    daemon=$!
    until pactl set-default-source microphone 2> /dev/null; do sleep 0.1; done
    "$folder/venv/bin/python" "$folder/record.py" 2> /dev/null >> "$folder/recorded"
    kill "$daemon"
    wait "$daemon" || true
    daemon=
done
"$folder/venv/bin/python" - "$folder/recorded" << 'PYTHON' | tee "$folder/output"
import json
import sys
from pathlib import Path
from statistics import median

runs = [json.loads(line) for line in Path(sys.argv[1]).read_text().splitlines()]
came_ms, moved_ms = [run["came_ms"] for run in runs], [run["moved_ms"] for run in runs]
within = 30 if median(came_ms) < 30 else came_ms
moved = "more than 100" if max(moved_ms) > 100 else moved_ms
print("samples lost:", sum(run["lost"] for run in runs) or "none")
print(f"when blocks came, against the count of samples: within {within} ms")
print(f"when they sounded by PortAudio, against the count of samples: moved by {moved} ms")
is_wall_clock = all(run["is_wall_clock"] for run in runs)
print("PortAudio's clock:", "the wall clock" if is_wall_clock else "another one")
PYTHON
diff <(sed -n 's/^#   > //p' "$0") "$folder/output"
echo "as found: portaudio_adc_time_over_pulseaudio"
