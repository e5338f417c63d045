"""What Wagtail's admin loads for the demo: its mail."""

from django.urls import path, reverse_lazy
from wagtail import hooks

from cms.demo.mailbox import MailMenuItem, MailView


@hooks.register("register_admin_urls")
def mail_urls():
    return [path("mail/", MailView.as_view(), name="cms_mail")]


@hooks.register("register_admin_menu_item")
def mail_menu_item():
    return MailMenuItem("Mail", reverse_lazy("cms_mail"), name="mail", icon_name="mail", order=9000)
