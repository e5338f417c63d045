"""The rooms of the admin. Wagtail loads this module; each room registers its own pages, buttons and menu items."""

from articles.admin.accounts import hooks as accounts
from articles.admin.editor import hooks as editor
from articles.admin.evidence import hooks as evidence
from articles.admin.guides import hooks as guides
from articles.admin.home import hooks as home
from articles.admin.importing import hooks as importing
from articles.admin.library import hooks as library
from articles.admin.publishing import hooks as publishing
from articles.admin.reports import hooks as reports
from articles.admin.sign_off import hooks as sign_off

ROOMS = (accounts, editor, evidence, guides, home, importing, library, publishing, reports, sign_off)
