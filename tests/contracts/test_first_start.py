"""What a first start leaves: a place to write, people's rights, a workflow; no content, no way round."""

import pytest
from django.contrib.auth.models import Group
from wagtail.models import GroupPagePermission, Page, Site, Task, Workflow

from articles.authoring.models import ArticleIndexPage, ArticlePage
from articles.review.models import Policy

pytestmark = pytest.mark.django_db


def test_a_first_start_makes_the_index_page_and_no_article():
    assert Site.objects.get(is_default_site=True).root_page.specific == ArticleIndexPage.objects.get()
    assert not ArticlePage.objects.exists()
    assert Page.find_problems() == ([], [], [], [], [])


def test_the_groups_are_ours():
    assert set(Group.objects.values_list("name", flat=True)) == {
        "Assistants",
        "Authors",
        "Editors",
        "Medical reviewers",
        "Medical leads",
        "On-call clinicians",
    }


def test_nobody_has_the_right_to_publish():
    rights = GroupPagePermission.objects.values_list("permission__codename", flat=True)

    assert set(rights) == {"add_page", "change_page", "lock_page", "unlock_page"}


@pytest.mark.parametrize(
    ("right", "groups"),
    [
        ("change_policy", {"Medical leads"}),
        ("change_person", {"Medical leads"}),
        ("withdraw_article", {"Editors", "Medical leads"}),
        ("refile_article", {"Editors"}),
        ("change_disclaimer", {"Editors"}),
        ("add_source", {"Assistants", "Authors", "Editors"}),
    ],
)
def test_a_right_belongs_to_just_these_groups(right, groups):
    found = Group.objects.filter(permissions__codename=right).values_list("name", flat=True)

    assert set(found) == groups


def test_the_only_workflow_is_ours_and_the_articles_have_it():
    workflow = Workflow.objects.get()

    assert workflow.name == "Medical publishing"
    assert ArticleIndexPage.objects.get().get_workflow() == workflow
    assert [task.name for task in workflow.tasks] == ["Editorial check", "Medical review"]
    assert Task.objects.count() == 2


def test_each_kind_of_document_has_a_default_policy():
    found = Policy.objects.filter(is_default=True).values_list("kind", "editor", "medical")

    assert set(found) == {
        ("medical", 1, 1),
        ("presentation", 1, 0),
        ("offer", 1, 1),
        ("disclaimer", 0, 1),
    }
