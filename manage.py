#!/usr/bin/env python
"""Django's command line. Without variables it uses the demo's settings and database (var/)."""

import os
import signal
import sys

if __name__ == "__main__":
    if sys.argv[1:2] in (["demo"], ["migrate"]):  # what runs before a server: INT ends it at once, as TERM does
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        sys.exit(130)
