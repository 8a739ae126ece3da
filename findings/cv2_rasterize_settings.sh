#!/usr/bin/env bash
# OpenCV's software rasteriser draws all white, and both sides of every triangle, with a fresh
# TriangleRasterizeSettings() from Python, though leaving the settings out gives smooth colours and
# culls the back; and a setter returns a copy, so of two calls chained on a variable only the first
# counts (opencv-python 5.0.0.93). livecam sets all that it needs, each in a statement of its own
# (livecam/sources/synthetic/renderer.py).
#
# The guess: a fresh object holds the documented defaults (smooth colours, CULLING_CW), and what
# setters return is there to be chained.
# One triangle, seen from its front and from its back: pixels drawn, and distinct colours in them.
# Needs bash, python3 (3.11 or newer) and pip; any user; less than a minute.
# The output, which this script compares with what it gets:
#   > no settings                      front 578 px in 578 colours, back 0 px in 0 colours
#   > TriangleRasterizeSettings()      front 578 px in 1 colours, back 578 px in 1 colours
#   > two statements: smooth, CW       front 578 px in 578 colours, back 0 px in 0 colours
#   > chained on a variable: smooth    front 578 px in 578 colours, back 578 px in 578 colours
#   > chained on a variable: CW first  front 578 px in 1 colours, back 0 px in 0 colours
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet opencv-python==5.0.0.93 numpy==2.4.6
"$folder/venv/bin/python" - << 'PYTHON' | tee "$folder/output"
import cv2
import numpy as np

CORNERS = np.array([[-1, -1, -3], [1, -1, -3], [0, 1, -3]], np.float32)
COLOURS = np.array([[0.9, 0, 0], [0, 0.9, 0], [0, 0, 0.9]], np.float32)
FRONT = np.array([[0, 1, 2]], np.int32)
BACKGROUND = 0.25


def drawn(triangle, settings):
    colour = np.full((60, 80, 3), BACKGROUND, np.float32)
    depth = np.full((60, 80), 10.0, np.float32)
    view = np.eye(4)
    cv2.triangleRasterize(
        CORNERS, triangle, COLOURS, colour, depth, view, np.pi / 3, 0.1, 10.0, *settings
    )
    pixels = colour[(colour != BACKGROUND).any(axis=-1)]
    return f"{len(pixels)} px in {len(np.unique(pixels, axis=0))} colours"


def show(name, *settings):
    back = np.ascontiguousarray(FRONT[:, ::-1])
    print(f"{name:32} front {drawn(FRONT, settings)}, back {drawn(back, settings)}")


SMOOTH, CW = cv2.RASTERIZE_SHADING_SHADED, cv2.RASTERIZE_CULLING_CW
show("no settings")
show("TriangleRasterizeSettings()", cv2.TriangleRasterizeSettings())
statements = cv2.TriangleRasterizeSettings()
statements.setShadingType(SMOOTH)
statements.setCullingMode(CW)
show("two statements: smooth, CW", statements)
chained = cv2.TriangleRasterizeSettings()
chained.setShadingType(SMOOTH).setCullingMode(CW)
show("chained on a variable: smooth", chained)
chained = cv2.TriangleRasterizeSettings()
chained.setCullingMode(CW).setShadingType(SMOOTH)
show("chained on a variable: CW first", chained)
PYTHON
diff <(sed -n 's/^#   > //p' "$0") "$folder/output"
echo "as found: cv2_rasterize_settings"
