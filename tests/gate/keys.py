"""What stands for each parameter of the admin's addresses: an unsigned article, and what it is made of."""

import re
from uuid import uuid4

from django.urls import reverse
from wagtail.models import Workflow

NAMED = re.compile(r"\(\?P<(\w+)>|<(?:\w+:)?(\w+)>")


class Keys:
    def __init__(self, page, index, other, snippets, user) -> None:
        state, workflow = page.current_workflow_task_state, Workflow.objects.get()
        self.snippets, self.page, self.user = snippets, page, user
        self.given = {
            "page_id": page.pk,
            "page_to_move_id": page.pk,
            "parent_page_id": index.pk,
            "destination_id": other.pk,
            "page_pk": index.pk,
            "workflow_pk": workflow.pk,
            "workflow_state_id": state.workflow_state_id,
            "task_state_id": state.pk,
            "task_id": state.task_id,
            "action_name": "approve",
            "revision_id": page.latest_revision_id,
            "revision_id_a": "earliest",
            "revision_id_b": "latest",
            "content_type_app_name": "articles",
            "content_type_model_name": "articlepage",
            "app_label": "articles",
            "app_name": "articles",
            "model_name": "articlepage",
            "object_id": page.pk,
            "session_id": 1,
            "image_id": page.hero_id,
            "filter_spec": "original",
            "collection_id": page.hero.collection_id,
            "kind": "article",
            "action": "publish",
            "key": 1,
            "notice": uuid4(),
            "section": page.get_latest_revision_as_object().body.raw_data[0]["id"],
        }

    def url(self, route: str, name: str) -> str:
        names = [first or second for first, second in NAMED.findall(route)]
        if name == route:
            return f"/{route}".replace("^.*/$", "nowhere/")
        return reverse(name, kwargs={key: self.value(name, key) for key in names}) + self.query(name)

    def value(self, name: str, key: str):
        snippet = self.snippets.get(name.partition("articles_")[2].partition(":")[0])
        if snippet is not None and key == "pk":
            return snippet.pk
        if snippet is not None and key == "revision_id":
            return snippet.latest_revision_id or 0
        if name in ("wagtail_bulk_action", "wagtailadmin_api:pages:action"):
            return {"app_label": "wagtailcore", "model_name": "page", "action_name": "publish"}.get(
                key, self.given.get(key, self.page.pk)
            )
        return self.pk(name) if key == "pk" else self.given.get(key, 1)

    def pk(self, name: str) -> int:
        if "workflows" in name:
            return self.given["task_id"] if "task" in name else self.given["workflow_pk"]
        return {"wagtailadmin_api:images": self.page.hero_id, "wagtailimages_chooser": self.page.hero_id}.get(
            name.rpartition(":")[0], self.user.pk if "users" in name else self.page.pk
        )

    def query(self, name: str) -> str:
        return f"?id={self.page.pk}&q=Zwirbelmark&next=/admin/"
