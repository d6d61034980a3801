"""The site for a WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "citynet.settings")
# As many as the threads of one process of the web server: each holds one connection while it answers.
os.environ.setdefault("DATABASE_POOL", "24")

application = get_wsgi_application()

# All of the site is imported before the first request, and by one thread.
import citynet.urls  # noqa: E402, F401 - needs the set-up above
