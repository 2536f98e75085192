"""`asb`, and `python -m asbcli`."""

from __future__ import annotations

import gc
import sys

from asbcli import SELDOM


def main() -> int:
    """Run the command line and return its exit code."""
    # A command lives a tenth of a second, and looking for garbage while it imports takes a tenth of that;
    # what is imported is then set aside, so that neither a long import of cases nor the end looks through it.
    # Afterwards it looks seldom: recording imports as much again, and a thousand rows leave no garbage in circles.
    gc.disable()
    try:
        from asbcli.cli.app import run

        gc.freeze()
        gc.set_threshold(SELDOM)
        gc.enable()
        return run(sys.argv[1:], last=True)
    except KeyboardInterrupt:
        return 130
    finally:
        gc.freeze()


if __name__ == "__main__":
    sys.exit(main())
