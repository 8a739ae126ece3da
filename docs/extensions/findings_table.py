"""The findings: what was found out about other people's programs, each with a script."""

from pathlib import Path

from markdown import table

FOLDER = Path(__file__).resolve().parents[2] / "findings"


def findings() -> str:
    """A table of the scripts with the first comment of each."""
    scripts = sorted(FOLDER.glob("*.sh")) + sorted(FOLDER.glob("*.py"))
    if not scripts:
        return "There are none yet.\n"
    return table(["script", "what it shows"], [[f"`findings/{s.name}`", _head(s)] for s in scripts])


def _head(script: Path) -> str:
    """The first comment or docstring, as one paragraph."""
    words = []
    for line in script.read_text("utf-8").splitlines():
        if line.startswith("#!"):
            continue
        text = line.strip().lstrip("#").strip().strip('"').strip()
        if not text or not (line.startswith(("#", '"')) or words):
            break
        words.append(text)
    return " ".join(words)
