#!/usr/bin/env bash
# Over ALSA's plugin of PulseAudio, PortAudio says of the first blocks of a microphone that they sounded
# about half a second before they came, and takes that back within seconds, though nothing is lost
# and the blocks come evenly: its inputBufferAdcTime moves by hundreds of milliseconds against the count of
# samples. Its stream clock is the wall clock there, which may be set (PortAudio 19.6 of Debian 12,
# alsa-plugins 1.2.7, PulseAudio 16.1, sounddevice 0.5.6). livecam goes by when blocks come, less the least delay of
# the last minute (livecam/sources/microphone/portaudio.py).
#
# The guess: inputBufferAdcTime says when a sample sounded, as the documentation of PortAudio promises, or is
# wrong by the same amount all the time.
# A microphone without a sound card: the monitor of a null sink. Eight seconds in blocks of 20 ms.
# Needs bash, python3 (3.11 or newer), pip, pulseaudio, pactl, libportaudio2 and libasound2-plugins; any user; less
# than a minute.
# The output, which this script compares with what it gets:
#   > samples lost: none
#   > when blocks came, against the count of samples: within 40 ms
#   > when they sounded by PortAudio, against the count of samples: moved by more than 200 ms
#   > PortAudio's clock: the wall clock
set -euo pipefail
folder=$(mktemp -d)
daemon=
trap 'if [ -n "$daemon" ]; then kill "$daemon"; fi; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet sounddevice==0.5.6 numpy==2.4.6
export XDG_RUNTIME_DIR="$folder" HOME="$folder" PULSE_SERVER="unix:$folder/socket"
pulseaudio -n --daemonize=no --exit-idle-time=-1 --use-pid-file=no \
    -L "module-native-protocol-unix socket=$folder/socket auth-anonymous=1" \
    -L "module-null-sink sink_name=speaker rate=48000" \
    -L "module-remap-source master=speaker.monitor source_name=microphone" 2> /dev/null &
daemon=$!
until pactl set-default-source microphone 2> /dev/null; do sleep 0.1; done
"$folder/venv/bin/python" - << 'PYTHON' 2> /dev/null | tee "$folder/output"
import time
from statistics import median

import sounddevice

RATE, BLOCK = 48_000, 960
blocks = []


def take(samples, count, times, status):
    moment = time.perf_counter(), time.time()
    blocks.append((moment, times.inputBufferAdcTime, times.currentTime, status.input_overflow))


with sounddevice.InputStream(
    samplerate=RATE, blocksize=BLOCK, channels=1, dtype="int16", latency=0.1, callback=take
):
    time.sleep(8)


def late_ms(times_s):
    """Against the count of samples, sorted without the few that this program noticed late."""
    late = sorted(1000 * (at_s - n * BLOCK / RATE) for n, at_s in enumerate(times_s))
    return late[: -len(late) // 50]


lost = sum(overflow for *_, overflow in blocks)
came_ms = late_ms([moment[0] for moment, *_ in blocks[25:]])  # the first ones come at once
# Of PortAudio's clock the differences count alone, so that it does not matter which one it is.
sounded = [moment[0] - (now - adc) for moment, adc, now, _ in blocks]
sounded_ms = [1000 * (at_s - n * BLOCK / RATE) for n, at_s in enumerate(sounded)]
moved_ms = median(sounded_ms[-100:]) - median(sounded_ms[:20])
is_wall_clock = max(abs(moment[1] - now) for moment, _, now, _ in blocks) < 1.0
print("samples lost:", lost or "none")
spread_ms = came_ms[-1] - came_ms[0]
within = 40 if spread_ms < 40 else spread_ms
moved = "more than 200" if moved_ms > 200 else moved_ms
print(f"when blocks came, against the count of samples: within {within} ms")
print(f"when they sounded by PortAudio, against the count of samples: moved by {moved} ms")
print("PortAudio's clock:", "the wall clock" if is_wall_clock else "another one")
PYTHON
diff <(sed -n 's/^#   > //p' "$0") "$folder/output"
echo "as found: portaudio_adc_time_over_pulseaudio"
