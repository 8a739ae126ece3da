"""A link as a QR code on the terminal: a telephone opens it without typing."""

from livecam.cli.console import stderr_console
from livecam.native.silenced_stderr import stderr_is_terminal

QUIET_ZONE = 2
# What two modules, one above the other, look like; black is the letter, white the ground.
_BLOCKS = {(0, 0): " ", (1, 0): "\u2580", (0, 1): "\u2584", (1, 1): "\u2588"}


def show_link_code(link: str) -> None:
    """Print a link as a QR code, where somebody watches and it fits."""
    if not stderr_is_terminal():
        return
    from rich.text import Text  # late, like segno: it only costs time otherwise

    console = stderr_console()
    # Without colours it can only be hoped that letters are bright and the ground is dark.
    lines = qr_code_lines(link, is_inverted=console.color_system is None)
    if max(map(len, lines)) <= console.width and _can_print(lines, console.encoding):
        console.print(Text("\n".join(lines), style="black on bright_white"), no_wrap=True)


def qr_code_lines(link: str, *, is_inverted: bool = False) -> list[str]:
    """The lines of a QR code, two rows of modules in each.

    Args:
        link: what it says.
        is_inverted: for bright letters on a dark ground.
    """
    import segno

    code = segno.make(link, error="l", micro=False)
    rows = [tuple(row) for row in code.matrix_iter(border=QUIET_ZONE)]
    if len(rows) % 2:
        rows.append((0,) * len(rows[0]))
    pairs = zip(rows[::2], rows[1::2], strict=True)
    flip = int(is_inverted)
    return [
        "".join(_BLOCKS[bool(a) ^ flip, bool(b) ^ flip] for a, b in zip(*pair, strict=True))
        for pair in pairs
    ]


def _can_print(lines: list[str], encoding: str) -> bool:
    try:
        "".join(lines).encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
