"""The picture of the folders and their imports, read from the source files."""

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path

from svg import ACCENTS, LINE_PX, Box, arrow, picture, wrapped

ROOT = Path(__file__).resolve().parents[2] / "livecam"
WIDTH, GAP_PX, ROW_GAP_PX = 940.0, 14.0, 46.0
LEFT_OUT = {"", "errors.py", "__main__.py", "assets"}  # used by all, or no code
Graph = dict[str, set[str]]


def unit_of(module: str) -> str:
    """The folder, or the single file, that a module like `livecam.core.types` is in."""
    parts = module.split(".")
    if len(parts) < 2:
        return ""
    if (ROOT / parts[1]).is_dir():
        return parts[1]
    return f"{parts[1]}.py" if (ROOT / f"{parts[1]}.py").is_file() else ""


@cache
def imports() -> Graph:
    """Which folder imports which."""
    graph: Graph = defaultdict(set)
    for path in sorted(ROOT.rglob("*.py")):
        name = ".".join(["livecam", *path.relative_to(ROOT).with_suffix("").parts])
        unit = unit_of(name.removesuffix(".__init__"))
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            named = [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            if isinstance(node, ast.Import):
                named = [alias.name for alias in node.names]
            graph[unit] |= {unit_of(n) for n in named if n.startswith("livecam.")}
    kept = set(graph) - LEFT_OUT
    return {unit: (graph[unit] & kept) - {unit} for unit in sorted(kept)}


def levels(graph: Graph) -> dict[str, int]:
    """How many imports deep each folder stands: 0 imports none of the others."""

    def level(unit: str, above: frozenset[str]) -> int:
        below = graph[unit] - above
        return 1 + max((level(u, above | {unit}) for u in below), default=-1)

    return {unit: level(unit, frozenset()) for unit in graph}


def direct(graph: Graph) -> list[tuple[str, str]]:
    """The imports without those that another path shows already."""

    def reach(unit: str, seen: set[str]) -> set[str]:
        for other in graph[unit] - seen:
            seen |= {other}
            reach(other, seen)
        return seen

    pairs = [(a, b) for a in graph for b in graph[a]]
    return [
        (a, b) for a, b in pairs if not any(b in reach(c, set()) for c in graph[a] - {b} if c != a)
    ]


def purpose(unit: str) -> tuple[str, str]:
    """What a folder is for, and how large it is."""
    single = (ROOT / unit).is_file()
    files = [ROOT / unit] if single else sorted((ROOT / unit).rglob("*.py"))
    first = ROOT / unit if single else ROOT / unit / "__init__.py"
    words = (ast.get_docstring(ast.parse(first.read_text("utf-8"))) or "").split("\n\n")[0]
    words = " ".join(words.split()).split(". ")[0].rstrip(".")
    modules = [f for f in files if f.name != "__init__.py"]
    lines = sum(f.read_text("utf-8").count("\n") for f in files)
    count = f"{len(modules)} files, " if not single else ""
    head, _, tail = words.partition(": ")
    return (tail or head), f"{count}{lines:,} lines"


def placed(level_of: dict[str, int]) -> tuple[dict[str, Box], float]:
    """A box for each folder, the ones that import most at the top."""
    boxes: dict[str, Box] = {}
    y = 8.0
    for level in sorted(set(level_of.values()), reverse=True):
        units = sorted(u for u in level_of if level_of[u] == level)
        width = min(240.0, (WIDTH - 16 - GAP_PX * (len(units) - 1)) / len(units))
        words = {u: purpose(u) for u in units}
        lines = {u: wrapped(words[u][0], width) for u in units}
        height = 58.0 + LINE_PX * max(len(text) for text in lines.values())
        x = (WIDTH - width * len(units) - GAP_PX * (len(units) - 1)) / 2
        for unit in units:
            title = unit if unit.endswith(".py") else f"{unit}/"
            accent = ACCENTS.get(unit, "#777777")
            boxes[unit] = Box(
                x, y, width, height, title, lines[unit], accent, note=words[unit][1]
            )
            x += width + GAP_PX
        y += height + ROW_GAP_PX
    return boxes, y - ROW_GAP_PX + 8


def folders() -> str:
    """The picture."""
    graph = imports()
    boxes, height = placed(levels(graph))
    pairs = direct(graph)
    arrows = []
    for a, b in pairs:
        out = sorted((q for p, q in pairs if p == a), key=lambda u: boxes[u].x)
        into = sorted((p for p, q in pairs if q == b), key=lambda u: boxes[u].x)
        start, end = boxes[a], boxes[b]
        x0 = start.x + start.width * (out.index(b) + 1) / (len(out) + 1)
        x1 = end.x + end.width * (into.index(a) + 1) / (len(into) + 1)
        arrows.append(arrow(x0, start.y + start.height, x1, end.y))
    label = "The folders of livecam; arrows point from a folder to those that it imports"
    return picture([*arrows, *(box.drawn() for box in boxes.values())], WIDTH, height, label)
