#!/usr/bin/env python
"""Django's command line. It starts the embedded PostgreSQL first where that is the database."""

import os
import sys

from citynet.command_line import main

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "citynet.settings")
    sys.exit(main(sys.argv))
