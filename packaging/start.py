"""Open TCPlan, setting up first what is missing.

python3 packaging/start.py [FILE.tcplan ... or COMMAND ...]
"""

import sys

from environment import ROOT, RUNTIME, become, display, prepared, say

EXAMPLE = ROOT / "resources" / "tcplan_resources" / "examples" / "gpt3-175b.tcplan"


def main() -> None:
    """Open the window; where there is none, compute on the terminal."""
    window = display()
    python = prepared(RUNTIME, window)
    arguments = sys.argv[1:]
    if not window and not arguments:
        say("There is no display here, so TCPlan computes its example on the terminal.")
        arguments = ["evaluate", str(EXAMPLE)]
    become([str(python), "-m", "tcplan_desktop.program", *arguments])


if __name__ == "__main__":
    main()
