"""Dates as all our screens and letters write them, in Wagtail's lists as well: 29 November 2026, 08:41."""

DATE_FORMAT = SHORT_DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "j F Y, H:i"
