"""`python -m livecam` is the same as `livecam`."""

import sys


def main() -> int:
    """Run the command line; Ctrl-C while Python is still importing ends quietly, too."""
    try:
        from livecam.cli.app import main as run_commands

        return run_commands()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
