from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = "Vetted"


class UsersConfig(WagtailUsersAppConfig):
    """Wagtail's, with our views on logins and groups."""

    user_viewset = "articles.admin.accounts.logins.LoginViewSet"
    group_viewset = "articles.admin.accounts.logins.GroupViewSet"
