"""Who may import whom: imports point inwards, and heavy libraries come only when needed."""

import ast
from functools import cache
from pathlib import Path

import pytest
from support import fresh_python

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "livecam"
MODULES = sorted(PACKAGE.rglob("*.py"))

LAYERS = {
    "core": {"core"},
    "settings": {"settings", "core"},
    "native": {"native", "core"},
    "pipeline": {"pipeline", "core"},
    "execution": {"execution", "core"},
    **{
        edge: {edge, "core", "pipeline", "settings", "native", "assets"}
        for edge in ("models", "engines", "sources", "sinks", "web")
    },
    "assets": set(),
}
"""What each folder may import beside errors and the version; assembly/ and cli/ join them all."""

OUTER = {"assembly", "cli"}

MODULES_OF_THE_MACHINE = {
    "asyncio", "concurrent", "ctypes", "io", "multiprocessing", "os", "select", "shutil", "signal",
    "socket", "subprocess", "sys", "tempfile", "threading", "time",
}  # fmt: skip
"""Files, threads, clocks, devices: none of it in core/."""

CORE_WITH_A_LOCK = {"text.py"}
"""OpenCV lets one thread at a time write letters; a lock waits for threads and starts none."""


def folder_of(path: Path) -> str:
    """The folder below livecam that a module lies in: "sinks" for livecam/sinks/window.py."""
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else ""


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """All of a module's syntax tree; each is parsed once."""
    return tuple(ast.walk(ast.parse(path.read_text("utf-8"))))


@cache
def imported(path: Path) -> frozenset[str]:
    """Dotted names of every module that the file imports, also inside functions."""
    found = set()
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def folders_imported(path: Path) -> set[str]:
    """The folders and top-level modules of livecam that a file imports."""
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
        for node in nodes_of(path)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == owner
    }


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_imports_point_inwards(path):
    folder = folder_of(path)
    if folder in LAYERS:
        assert folders_imported(path) <= LAYERS[folder] | {"errors", "__version__"}
    elif folder == "assembly":
        assert "cli" not in folders_imported(path)


def test_every_folder_is_a_layer():
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert folders == set(LAYERS) | OUTER


def test_few_modules_lie_outside_of_the_folders():
    assert {path.stem for path in PACKAGE.glob("*.py")} == {"__init__", "__main__", "api", "errors"}


def test_core_is_pure():
    for path in MODULES:
        if folder_of(path) == "core":
            machine = {name.split(".")[0] for name in imported(path)} & MODULES_OF_THE_MACHINE
            assert machine <= ({"threading"} if path.name in CORE_WITH_A_LOCK else set()), path
            assert names_used(path, "threading") <= {"Lock"}, path
            assert not names_used(path, "datetime") & {"now", "today"}, path


def test_only_pipeline_and_edges_start_threads():
    for path in MODULES:
        if folder_of(path) in {"core", "settings", "models", "engines", "assembly"}:
            assert "multiprocessing" not in imported(path), path
            assert names_used(path, "threading") <= {"Lock"}, path
            assert "threading" not in imported(path) or path.name in CORE_WITH_A_LOCK, path


def test_tensorflow_is_imported_in_one_place_only():
    assert users_of("tensorflow") == users_of("keras") == {"native/tensorflow.py"}


def test_av_is_imported_by_sources_and_sinks_only():
    assert all(path.startswith(("sources/", "sinks/")) for path in users_of("av"))


def test_tables_are_read_and_written_by_archives_only():
    archives = ("sources/archive/", "sinks/archive/", "assembly/archive_packages.py")
    for library in ("pyarrow", "duckdb"):
        assert all(path.startswith(archives) for path in users_of(library)), library


def test_opencv_as_a_device_is_used_by_sources_and_sinks_only():
    devices = {"VideoCapture", "VideoWriter", "imshow", "namedWindow", "waitKey", "waitKeyEx"}
    devices |= {"imread", "imwrite", "destroyAllWindows", "setMouseCallback"}
    for path in MODULES:
        if folder_of(path) not in {"sources", "sinks"}:
            assert not names_used(path, "cv2") & devices, path


def test_the_window_library_is_used_by_the_window_alone():
    assert users_of("pygame") == {"sinks/pygame_setup.py"}


def test_only_the_command_line_prints():
    for path in MODULES:
        called = {
            node.func.id
            for node in nodes_of(path)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert "print" not in called or folder_of(path) == "cli", path


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


@pytest.mark.parametrize("folder", sorted({path.split("/")[0] for path in users_of("av")}))
def test_opencv_is_imported_before_av(folder):
    """The first window hangs for ever otherwise (opencv issue 29195).

    Whatever module of a folder comes first, Python imports the folder itself before it.
    """
    first = next(path for path in sorted(users_of("av")) if path.startswith(f"{folder}/"))
    module = f"livecam.{first.removesuffix('.py').replace('/', '.')}"
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


MOST_LINES_OF_A_FILE = 300
MOST_LINES_OF_A_BODY = 40
MOST_PARAMETERS = 7


def functions_of(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [n for n in nodes_of(path) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its signature and its docstring."""
    first = 1 if ast.get_docstring(function) and len(function.body) > 1 else 0
    return function.end_lineno - function.body[first].lineno + 1


def parameters_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    given = function.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    return [arg.arg for arg in every if arg is not None and arg.arg not in {"self", "cls"}]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_no_file_and_no_function_is_too_long_to_read(path):
    assert path.read_text("utf-8").count("\n") <= MOST_LINES_OF_A_FILE
    for function in functions_of(path):
        assert body_lines(function) <= MOST_LINES_OF_A_BODY, function.name
        assert len(parameters_of(function)) <= MOST_PARAMETERS, function.name


def test_most_functions_are_short():
    lengths = sorted(body_lines(function) for path in MODULES for function in functions_of(path))
    assert lengths[round(0.95 * (len(lengths) - 1))] <= 20


def test_every_module_says_what_it_is_for_in_its_first_line():
    for path in MODULES:
        doc = ast.get_docstring(ast.parse(path.read_text("utf-8")))
        assert doc, path
        assert doc.splitlines()[0].endswith((".", ":", ",")) or "\n" not in doc, path
