"""What Wagtail loads of the API: the pages for its keys. The delivery process never loads this."""

from api.admin import hooks

ROOMS = (hooks,)
