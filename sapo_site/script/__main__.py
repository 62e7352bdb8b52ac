"""What `sapo` starts, in a Python that is new enough."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from sapo_site.script import words

if __name__ == "__main__":
    try:
        words.do(sys.argv[1:])
    except KeyboardInterrupt:
        print()
        sys.exit(130)
