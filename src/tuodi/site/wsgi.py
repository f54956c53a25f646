"""The application as a WSGI server runs it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tuodi.site.settings")
os.environ.setdefault("TUODI_SERVES", "1")
application = get_wsgi_application()
