"""How often a property is tried: FUZZ_EXAMPLES, which `python -m tests.stress` sets to 10,000."""

import os

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "1000"))
