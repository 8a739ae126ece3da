"""The groups of `--help` and of the documentation, in their order."""

from cyclopts import Group

MODEL = Group("Model", sort_key=1)
LOOKED_AT = Group("What the network looks at", sort_key=2)
HEAT = Group("Heat", sort_key=3)
OUTPUT = Group("Recording and data", sort_key=4)
SCREENS = Group("Window and page", sort_key=5)
PACE = Group("How long and how fast", sort_key=6)
CAMERA = Group("Camera and stream", sort_key=7)
SCENE = Group("The daisy scene", sort_key=8)
WEB_PAGE = Group("Web page", sort_key=9)
