"""Run every test, setting up first what is missing; further words go to pytest.

python3 packaging/test.py [-k NAME ...]
"""

import os
import sys

from environment import DEVELOPMENT, ROOT, become, prepared


def main() -> None:
    """Run pytest without a display."""
    python = prepared(DEVELOPMENT, window=True)
    os.chdir(ROOT)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    become([str(python), "-m", "pytest", *sys.argv[1:]])


if __name__ == "__main__":
    main()
