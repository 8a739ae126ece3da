"""How Sphinx builds the documentation: `python -m sphinx -W -n docs docs/_build`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(Path(__file__).with_name("extensions")), str(ROOT)]

import cv2  # noqa: E402, F401  (before PyAV, or the first window of a program hangs)

from livecam import __version__  # noqa: E402  (found on the path above)

project = "livecam"
copyright = "livecam's authors, MIT licence"  # noqa: A001  (Sphinx' own name)
release = version = __version__

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "myst_parser",
    "sphinx_copybutton",
    "from_code",
]
exclude_patterns = [
    "_build",
    "extensions",
]
nitpicky = True
# References into the library have to be right. Other projects' pages are not at hand offline, and
# what only the library itself uses has no page.
nitpick_ignore_regex = [(r"py:.*", r"(?!livecam).*"), (r"py:.*", r"livecam\.(models|engines)\..*")]

myst_enable_extensions = ["colon_fence", "deflist", "attrs_inline"]
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_class_signature = "separated"  # values are read, hardly ever made by hand
autodoc_default_options = {"exclude-members": "__init__, __new__"}
napoleon_use_ivar = True
copybutton_exclude = ".linenos, .gp, .go"

default_role = "code"  # as single backticks are meant in the docstrings
smartquotes = False  # "--json" is no dash

html_theme = "furo"
html_title = "livecam"
html_static_path = ["static"]
html_css_files = ["livecam.css"]
html_favicon = "../livecam/web/static/icon.svg"
html_logo = "../livecam/web/static/icon.svg"
html_copy_source = False
html_show_sphinx = False
templates_path: list[str] = []
