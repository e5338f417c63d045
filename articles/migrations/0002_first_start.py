"""What a first start needs: groups with just their rights, the index page, the workflow, default policies.

No demo content. Wagtail's own welcome page, moderators, task and workflow go: nobody may publish by them.
"""

from django.db import migrations

SNIPPETS = ("source", "topic", "offer", "disclaimer", "person", "policy")
EVERYTHING = ("add", "change", "delete", "view")

# group -> (page rights on the index, collection rights for images, {model: rights}, rights on articles)
GROUPS = {
    "Authors": (
        ("add_page",),
        ("add_image", "choose_image"),
        {
            "source": ("add", "change", "view"),
            "offer": ("add", "change", "view"),
            "topic": ("view",),
            "disclaimer": ("view",),
        },
        (),
    ),
    "Editors": (
        ("add_page", "change_page", "lock_page", "unlock_page"),
        ("add_image", "change_image", "delete_image", "choose_image"),
        {
            "source": (*EVERYTHING, "question"),
            "topic": EVERYTHING,
            "offer": EVERYTHING,
            "disclaimer": EVERYTHING,
        },
        ("withdraw", "refile", "schedule", "assign", "report"),
    ),
    "Medical reviewers": ((), ("choose_image",), dict.fromkeys(SNIPPETS, ("view",)), ("report",)),
    "On-call clinicians": ((), (), {}, ("emergency", "notice")),
    "Medical leads": (
        (),
        ("choose_image",),
        {
            "person": EVERYTHING,
            "policy": EVERYTHING,
            "source": ("view", "change", "question"),
            "topic": ("view", "change"),
            "offer": ("view",),
            "disclaimer": ("view",),
        },
        ("withdraw", "emergency", "notice", "void", "assign", "report"),
    ),
}

# kind, name, editors, medical reviewers
POLICIES = (
    ("medical", "Medical part: an editor and a clinician", 1, 1),
    ("presentation", "Presentation part: an editor", 1, 0),
    ("offer", "Offer: an editor and a clinician", 1, 1),
    ("disclaimer", "Disclaimer: a clinician", 0, 1),
)


def make(apps, schema_editor) -> None:
    remove_stock(apps)
    index = make_index(apps)
    for name, rights in GROUPS.items():
        make_group(apps, name, index, *rights)
    make_workflow(apps, index)
    make_policies(apps)


def remove_stock(apps) -> None:
    apps.get_model("wagtailcore", "Workflow").objects.all().delete()
    apps.get_model("wagtailcore", "Task").objects.all().delete()
    apps.get_model("auth", "Group").objects.filter(name="Moderators").delete()
    apps.get_model("wagtailcore", "Page").objects.filter(depth=2, slug="home").delete()


def make_index(apps):
    pages = apps.get_model("wagtailcore", "Page").objects
    root = pages.get(depth=1)
    index = apps.get_model("articles", "ArticleIndexPage").objects.create(
        title="Articles",
        draft_title="Articles",
        slug="articles",
        path=f"{root.path}0001",
        depth=2,
        numchild=0,
        url_path="/articles/",
        locale=apps.get_model("wagtailcore", "Locale").objects.get_or_create(language_code="en")[0],
        content_type=content_type(apps, "articles", "articleindexpage"),
    )
    root.numchild = 1
    root.save(update_fields=["numchild"])
    sites = apps.get_model("wagtailcore", "Site").objects
    sites.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "root_page": index, "site_name": "Vetted"}
    )
    return index


def make_group(apps, name, index, page_rights, image_rights, models, others) -> None:
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=name)
    group.permissions.set(
        [
            permission(apps, "wagtailadmin", "admin", "access_admin", "Can access Wagtail admin"),
            *(
                permission(apps, "articles", model, f"{right}_{model}", f"Can {right} {model}")
                for model, rights in models.items()
                for right in rights
            ),
            *(
                permission(apps, "articles", "articlepage", f"{right}_article", f"Can {right} article")
                for right in others
            ),
        ]
    )
    page_permissions = apps.get_model("wagtailcore", "GroupPagePermission").objects
    page_permissions.filter(group=group).delete()
    for codename in page_rights:
        right = permission(apps, "wagtailcore", "page", codename, codename.replace("_", " ").capitalize())
        page_permissions.create(group=group, page_id=index.pk, permission=right)
    collection_permissions = apps.get_model("wagtailcore", "GroupCollectionPermission").objects
    collection_permissions.filter(group=group).delete()
    root = apps.get_model("wagtailcore", "Collection").objects.get(depth=1)
    for codename in image_rights:
        right = permission(apps, "wagtailimages", "image", codename, codename.replace("_", " ").capitalize())
        collection_permissions.create(group=group, collection=root, permission=right)


def make_workflow(apps, index) -> None:
    tasks = apps.get_model("articles", "SignOffTask").objects
    kind = content_type(apps, "articles", "signofftask")
    workflow = apps.get_model("wagtailcore", "Workflow").objects.create(name="Medical publishing", active=True)
    steps = (("Editorial check", "editorial"), ("Medical review", "medical"))
    for order, (name, step) in enumerate(steps):
        task = tasks.create(name=name, step=step, active=True, content_type=kind)
        apps.get_model("wagtailcore", "WorkflowTask").objects.create(
            workflow=workflow, task_id=task.pk, sort_order=order
        )
    apps.get_model("wagtailcore", "WorkflowPage").objects.create(workflow=workflow, page_id=index.pk)


def make_policies(apps) -> None:
    policies = apps.get_model("articles", "Policy").objects
    for kind, name, editors, clinicians in POLICIES:
        policies.create(kind=kind, name=name, is_default=True, editor=editors, medical=clinicians)


def permission(apps, app_label, model, codename, name):
    """Django makes permissions after migrating; what is needed before is made here under the same key."""
    found, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type(apps, app_label, model), codename=codename, defaults={"name": name}
    )
    return found


def content_type(apps, app_label, model):
    return apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label=app_label, model=model)[0]


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtailimages", "0027_image_description"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailadmin", "0006_formstate"),
    ]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
