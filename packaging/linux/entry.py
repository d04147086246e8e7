"""Where the frozen program begins."""

import sys

from tcplan_desktop.program import main

if __name__ == "__main__":
    sys.exit(main())
