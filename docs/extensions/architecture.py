"""The picture of the folders and their imports, read from the source files."""

import ast
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise
from pathlib import Path

from svg import ACCENTS, LINE_PX, Box, arrow, picture, wrapped

ROOT = Path(__file__).resolve().parents[2] / "livecam"
WIDTH, GAP_PX, ROW_GAP_PX, PASSAGE_PX = 940.0, 14.0, 46.0, 6.0
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
    words = (tail or head).replace("`", "")
    return words[:1].upper() + words[1:], f"{count}{lines:,} lines"


@dataclass(frozen=True)
class Passage:
    """Where the arrow between two folders goes through a row that it skips."""

    start: str
    end: str
    level: int


Item = str | Passage
Chain = list[Item]


def chains(pairs: list[tuple[str, str]], level_of: dict[str, int]) -> list[Chain]:
    """Each arrow as what it touches from row to row: a folder, passages, a folder."""
    return [
        [a, *(Passage(a, b, level) for level in range(level_of[a] - 1, level_of[b], -1)), b]
        for a, b in pairs
    ]


def rows_of(level_of: dict[str, int], arrows: list[Chain]) -> list[list[Item]]:
    """Folders and passages row by row, the folders that import most at the top.

    Each row is ordered by where its neighbours stand, so that few arrows cross.
    """
    rows: list[list[Item]] = [
        [
            *sorted(u for u in level_of if level_of[u] == level),
            *(i for c in arrows for i in c if isinstance(i, Passage) and i.level == level),
        ]
        for level in range(max(level_of.values()), -1, -1)
    ]
    links = [link for chain in arrows for link in pairwise(chain)]
    above = {item: [a for a, b in links if b == item] for row in rows for item in row}
    below = {item: [b for a, b in links if a == item] for row in rows for item in row}
    for _ in range(8):
        for upper, row in pairwise(rows):
            row.sort(key=partial(_mean_place, row=upper, near=above))
        for row, lower in reversed(list(pairwise(rows))):
            row.sort(key=partial(_mean_place, row=lower, near=below))
    return rows


def _mean_place(item: Item, *, row: list[Item], near: dict[Item, list[Item]]) -> float:
    """Where in another row the neighbours of an item stand, from 0 to 1."""
    places = [(row.index(n) + 0.5) / len(row) for n in near[item]]
    return sum(places) / len(places) if places else 0.5


def placed(rows: list[list[Item]]) -> tuple[dict[Item, Box], float]:
    """A box for each folder, a narrow one that is not drawn for each passage; the height."""
    boxes: dict[Item, Box] = {}
    y = 8.0
    for row in rows:
        units = [item for item in row if isinstance(item, str)]
        free = WIDTH - 16 - GAP_PX * (len(row) - 1) - PASSAGE_PX * (len(row) - len(units))
        width = min(220.0, free / len(units))
        texts = {unit: purpose(unit) for unit in units}
        lines = {unit: wrapped(texts[unit][0], width) for unit in units}
        height = 58.0 + LINE_PX * max(len(text) for text in lines.values())
        x = 8 + (free - width * len(units)) / 2
        for item in row:
            if isinstance(item, Passage):
                boxes[item] = Box(x, y, PASSAGE_PX, height, "", (), "")
            else:
                title, accent = item if "." in item else f"{item}/", ACCENTS.get(item, "#777777")
                boxes[item] = Box(x, y, width, height, title, lines[item], accent, texts[item][1])
            x += boxes[item].width + GAP_PX
        y += height + ROW_GAP_PX
    return boxes, y - ROW_GAP_PX + 8


def folders() -> str:
    """The picture."""
    graph = imports()
    level_of = levels(graph)
    arrows = chains(direct(graph), level_of)
    boxes, height = placed(rows_of(level_of, arrows))
    lines = [_line(chain, arrows, boxes) for chain in arrows]
    label = "The folders of livecam; arrows point from a folder to those that it imports"
    drawn = [box.drawn() for item, box in boxes.items() if isinstance(item, str)]
    return picture([*lines, *drawn], WIDTH, height, label)


def _line(chain: Chain, arrows: list[Chain], boxes: dict[Item, Box]) -> str:
    """The arrow: from its place at the lower edge of a box, through the gaps, to a box."""
    start, end = boxes[chain[0]], boxes[chain[-1]]
    points = [(_port(chain, 0, arrows, boxes), start.y + start.height)]
    for item in chain[1:-1]:
        box = boxes[item]
        points += [(box.x + box.width / 2, box.y), (box.x + box.width / 2, box.y + box.height)]
    points.append((_port(chain, -1, arrows, boxes), end.y))
    return arrow(points)


def _port(chain: Chain, side: int, arrows: list[Chain], boxes: dict[Item, Box]) -> float:
    """Where along its box an arrow begins (0) or ends (-1), beside the others of that box."""
    beside = [c for c in arrows if c[side] == chain[side]]
    beside.sort(key=lambda c: boxes[c[1 if side == 0 else -2]].x)
    box = boxes[chain[side]]
    return box.x + box.width * (beside.index(chain) + 1) / (len(beside) + 1)
