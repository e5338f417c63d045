"""The WSGI application that granian serves; DJANGO_SETTINGS_MODULE chooses the process (dev, production, delivery)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")
application = get_wsgi_application()
