"""The site for a WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "citynet.settings")
# One process of the web server answers on eight threads; each holds one connection while it answers.
os.environ.setdefault("DATABASE_POOL", "8")

application = get_wsgi_application()
