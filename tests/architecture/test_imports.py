"""Who may import whom: imports point inwards, and heavy libraries come only when needed."""

import ast
from pathlib import Path

import pytest
from support import fresh_python

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "livecam"
MODULES = sorted(PACKAGE.rglob("*.py"))

PURE = {
    "values",
    "words",
    "errors",
    "credentials",
    "geometry",
    "heat",
    "paint",
    "text",
    "hud",
    "pace",
    "ports",
    "controls",
    "notices",
    "opening",
    "bottleneck",
    "placard",
    "vigil",
    "tally",
    "look",
    "shoot",
    "overlap",
    "work",
}
EDGES = {
    *("sources", "sinks", "engines", "models", "cli"),
    *("rig", "refusals", "api", "web", "calibration"),
}


def area_of(path: Path) -> str:
    """The first name below livecam: "sinks" for livecam/sinks/window.py."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Dotted names of every module that the file imports, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def own_areas(path: Path) -> set[str]:
    """The areas of livecam that the file imports."""
    return {name.split(".")[1] for name in imported(path) if name.startswith("livecam.")}


def users_of(library: str) -> set[str]:
    return {
        path.relative_to(PACKAGE).as_posix()
        for path in MODULES
        if any(name == library or name.startswith(library + ".") for name in imported(path))
    }


def names_used(path: Path, owner: str) -> set[str]:
    """Attributes used of a module, like `imshow` of `cv2`."""
    return {
        node.attr
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == owner
    }


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_imports_point_inwards(path):
    area, used = area_of(path), own_areas(path)
    if area in PURE or area == "loop":
        assert used <= PURE
    elif area == "settings":
        assert used <= {"errors", "setting_rules"}
    elif area in {"sources", "sinks"}:
        assert used <= PURE | {area, "quiet", "assets", "settings", "ffmpeg", "__version__"}
    elif area == "web":
        assert used <= PURE | {"web", "sinks", "models", "settings", "__version__"}
    elif area in {"models", "engines"}:
        assert used <= PURE | {"models", "engines", "quiet", "assets"}
        assert not (area == "models" and "engines" in used)
    elif area in {"rig", "refusals", "api", "calibration"}:
        assert "cli" not in used


def test_every_area_is_known_to_this_test():
    areas = {area_of(path) for path in MODULES}
    others = {
        "loop",
        "settings",
        "setting_rules",
        "quiet",
        "ffmpeg",
        "assets",
        "__init__",
        "__main__",
    }
    assert areas <= PURE | EDGES | others


def test_tensorflow_is_imported_in_two_places_only():
    assert all(p.startswith("models/") or p == "engines/tensorflow.py" for p in users_of("keras"))
    assert users_of("tensorflow") == {"models/surgery.py"}


def test_av_is_imported_by_sources_and_sinks_only():
    assert all(path.startswith(("sources/", "sinks/")) for path in users_of("av"))


def test_opencv_as_a_device_is_used_by_sources_and_sinks_only():
    devices = {"VideoCapture", "VideoWriter", "imshow", "namedWindow", "waitKey", "waitKeyEx"}
    devices |= {"imread", "imwrite", "destroyAllWindows", "setMouseCallback"}
    for path in MODULES:
        if area_of(path) not in {"sources", "sinks"}:
            assert not names_used(path, "cv2") & devices, path


def test_the_window_library_is_used_by_the_window_alone():
    assert users_of("pygame") == {"sinks/sdl_library.py"}


def test_only_the_command_line_prints():
    for path in MODULES:
        called = {
            node.func.id
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert "print" not in called or area_of(path) == "cli", path


def loaded_after(statement: str) -> set[str]:
    """The modules of a fresh Python after a statement."""
    code = f"import sys\n{statement}\nprint(*sys.modules)"
    run = fresh_python(code, cwd=ROOT)
    return set(run.stdout.splitlines()[-1].split())


def test_importing_livecam_is_light():
    assert not {"cv2", "numpy", "tensorflow", "av", "cyclopts", "rich"} & loaded_after(
        "import livecam"
    )


def test_help_imports_neither_tensorflow_nor_opencv():
    help_text = "from livecam.cli.app import main; main(['--help'])"
    assert not {"tensorflow", "keras", "cv2", "av", "ai_edge_litert"} & loaded_after(help_text)


def test_the_library_calls_import_no_tensorflow_by_themselves():
    loaded = loaded_after("import livecam; livecam.open_model, livecam.annotate")
    assert "cv2" in loaded
    assert not {"tensorflow", "keras"} & loaded


@pytest.mark.parametrize(
    "module",
    [m.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".") for m in MODULES
     if any(name.split(".")[0] == "av" for name in imported(m))],
)  # fmt: skip
def test_opencv_is_imported_before_av(module):
    """The first window hangs for ever otherwise (opencv issue 29195)."""
    code = f"""
import sys
class Watch:
    def find_spec(self, name, path=None, target=None):
        if name == "av":
            assert "cv2" in sys.modules, "av came before cv2"
sys.meta_path.insert(0, Watch())
import {module}
assert "av" in sys.modules
"""
    fresh_python(code, cwd=ROOT)


def test_no_file_and_no_function_is_too_long_to_read():
    for path in MODULES:
        text = path.read_text("utf-8")
        assert text.count("\n") <= 330, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert node.end_lineno - node.lineno < 60, (path, node.name)


def test_every_module_says_what_it_is_for_in_its_first_line():
    for path in MODULES:
        doc = ast.get_docstring(ast.parse(path.read_text("utf-8")))
        assert doc, path
        assert doc.splitlines()[0].endswith((".", ":", ",")) or "\n" not in doc, path
