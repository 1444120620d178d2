"""`python -m stsui` is `stsui`."""

import sys

from stsui.answer import main

if __name__ == "__main__":
    sys.exit(main())
