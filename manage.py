#!/usr/bin/env python
"""Django's entry. `./sapo` sets everything up and calls it."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sapo_site.settings.development")
    from django.core.management import execute_from_command_line

    from sapo_site.running import crash_dumps

    crash_dumps.turn_off()  # a command may have a key or a tip in memory
    try:
        execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
