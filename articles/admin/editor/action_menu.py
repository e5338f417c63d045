"""The buttons at the foot of the editor: as Wagtail's, but with *Submit for review* beside *Save draft*."""

from typing import Any

from django.utils.html import format_html
from wagtail.admin.action_menu import ActionMenuItem, PageActionMenu, SubmitForModerationMenuItem


class ActionMenu(PageActionMenu):
    menu_items: list[ActionMenuItem]

    def __init__(self, request, **context: Any) -> None:
        super().__init__(request, **context)
        self.submit = [item for item in self.menu_items if isinstance(item, SubmitForModerationMenuItem)]
        self.menu_items = [item for item in self.menu_items if item not in self.submit]

    def render_html(self) -> str:
        html = super().render_html()
        for item in self.submit:
            html = format_html('{}<div class="vetted-submit">{}</div>', html, item.render_html(self.context))
        return html
