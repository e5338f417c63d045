"""The page Hand over, and the ways on which a login is deactivated, which lead there first."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.urls import reverse

from articles.authoring.models import ArticlePage
from articles.publishing.models import Schedule
from articles.record.models import Event
from articles.record.vocabulary import Role
from articles.review.models import Mail, OpenNeed
from articles.review.submit import submit
from cms.models import User
from tests.factories import make_article, make_user, take
from tests.hands import fresh, post


@pytest.fixture
def second(db):
    return make_user("second", "Editors")


@pytest.fixture
def leaving(people, submitted, later, second):
    """The editor has taken a signature, scheduled a publication, and owns an article."""
    take(submitted, Role.EDITOR, people.editor)
    later(make_article(by=people.author))
    make_article(by=people.editor, title="Owned by the editor")
    return people.editor


def page_of(user) -> str:
    return reverse("articles_hand_over", args=[user.pk])


def words(response) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def answers(user, **given) -> dict:
    """The form as somebody fills it in who gives everything to the second editor."""
    key, second = OpenNeed.objects.get(taker=user).pk, User.objects.get(username="second").pk
    return {f"signer-{key}": second, "scheduler": second, "owner": second} | given


def is_active(user) -> bool:
    return User.objects.get(pk=user.pk).is_active


def edit_login(client, user, **given):
    form = {"username": user.username, "email": "e@example.org", "first_name": "Eve", "last_name": "Editor"}
    groups = [group.pk for group in user.groups.all()]
    address = reverse("wagtailusers_users:edit", args=[user.pk])
    return client.post(address, form | {"groups": groups, "is_active": "on"} | given, follow=True)


def test_it_lists_the_open_work_and_suggests_who_has_the_fewest_reviews(admin, leaving, submitted, second):
    answer = admin.get(page_of(leaving))

    shown = words(answer)
    assert f"{submitted.title}, as editor" in shown
    assert "Schedules made by editor" in shown and "Publish on" in shown
    assert "1 article owned by editor" in shown and "Owned by the editor" in shown
    chosen = BeautifulSoup(answer.content, "html.parser").select("select[name^=signer-] option[selected]")
    assert [option["value"] for option in chosen] == [str(second.pk)]


def test_one_confirmation_hands_it_over_and_deactivates_the_login(admin, leaving, second):
    told = post(admin, page_of(leaving), **answers(leaving))

    assert "The open work was handed over, and the login of editor was deactivated." in told
    assert not is_active(leaving)
    assert OpenNeed.objects.get(closed_at=None).taker == second
    assert Schedule.objects.get().made_by == second
    assert ArticlePage.objects.get(title="Owned by the editor").owner == second


def test_the_form_sent_again_changes_nothing(admin, leaving, people):
    form = answers(leaving)
    post(admin, page_of(leaving), **form)
    before = Event.objects.count()

    answer = admin.post(page_of(leaving), form, follow=True)

    assert "inactive already" in words(answer)
    assert Event.objects.count() == before


@pytest.mark.parametrize(
    ("field", "who", "why"),
    [
        ("signer", "reviewer", "Dr Ada Reviewer cannot sign"),
        ("scheduler", "author", "author may not schedule this"),
        ("owner", "reviewer", "Dr Ada Reviewer cannot write articles"),
        ("owner", "editor", "editor leaves"),
    ],
)
def test_who_cannot_take_it_over_is_refused_by_name(admin, leaving, people, field, who, why):
    form = answers(leaving)
    name = next(key for key in form if key.startswith(field))

    told = admin.post(page_of(leaving), form | {name: getattr(people, who).pk})

    assert why in words(told)
    assert is_active(leaving) and Schedule.objects.get().made_by == leaving


@pytest.mark.parametrize("forged", ["0", "-1", "x", "9" * 30, "999999", "1.5"])
@pytest.mark.parametrize("field", ["signer", "scheduler", "owner"])
def test_a_forged_login_changes_nothing(admin, leaving, field, forged):
    form = answers(leaving)
    name = next(key for key in form if key.startswith(field))

    answer = admin.post(page_of(leaving), form | {name: forged})

    assert answer.status_code == 200
    assert is_active(leaving) and Schedule.objects.get().made_by == leaving


def test_a_signature_that_was_assigned_meanwhile_is_shown_first(admin, leaving, people):
    form = answers(leaving)
    page = make_article(by=people.author, title="Assigned meanwhile")
    submit(page=fresh(page), by=people.author)
    take(page, Role.EDITOR, leaving)

    answer = admin.post(page_of(leaving), form)

    assert "Nothing was handed over" in words(answer) and "Assigned meanwhile" in words(answer)
    assert is_active(leaving)


def test_only_who_may_change_logins_sees_it(client, leaving, people, lead):
    for user in (people.author, people.editor, people.reviewer, lead):
        client.force_login(user)
        assert client.get(page_of(leaving)).status_code in (302, 403)
        client.post(page_of(leaving), answers(leaving))

    assert is_active(leaving)


def test_the_draft_of_somebody_else_is_not_named_to_who_may_only_change_logins(client, leaving):
    clerk = make_user("clerk")
    clerk.user_permissions.add(*Permission.objects.filter(codename__in=("change_user", "access_admin")))
    client.force_login(clerk)

    assert "Owned by the editor" not in client.get(page_of(leaving)).content.decode()


def test_nobody_hands_over_their_own_login(admin, root):
    answer = admin.get(page_of(root))
    assert "You cannot deactivate your own login" in words(answer) and "Deactivate</button>" not in str(answer.content)

    admin.post(page_of(root), {})

    assert is_active(root)


def test_unticking_active_leads_there_first_and_keeps_the_other_changes(admin, leaving):
    answer = edit_login(admin, leaving, is_active="")

    assert answer.redirect_chain[-1][0] == page_of(leaving)
    assert "editor has open work, so nobody was deactivated yet" in words(answer)
    assert is_active(leaving)
    assert User.objects.get(pk=leaving.pk).email == "e@example.org"


def test_somebody_without_open_work_is_deactivated_at_once(admin):
    idle = make_user("idle", "Authors")

    edit_login(admin, idle, is_active="")

    assert not is_active(idle)


@pytest.mark.parametrize("way", ["form", "many", "page"])
def test_two_medical_leads_remain_whichever_way_is_tried(admin, lead, way):
    if way == "form":
        answer = edit_login(admin, lead, is_active="")
    elif way == "many":
        answer = deactivate(admin, lead)
    else:
        answer = admin.post(page_of(lead), {}, follow=True)

    assert "Fewer than two medical leads would remain" in words(answer)
    assert is_active(lead)


def deactivate(client, *users):
    ids = "&".join(f"id={user.pk}" for user in users)
    address = f"{reverse('wagtail_bulk_action', args=['cms', 'user', 'set_active_state'])}?{ids}"
    return client.post(address, {"mark_as_active": "False"}, follow=True)


def test_many_are_deactivated_unless_one_has_open_work(admin, leaving):
    idle = make_user("idle", "Authors")

    answer = deactivate(admin, leaving, idle)

    assert answer.redirect_chain[-1][0] == page_of(leaving)
    assert is_active(leaving) and is_active(idle)
    deactivate(admin, idle)
    assert not is_active(idle)


def test_what_two_people_alone_could_sign_is_told_when_both_are_deactivated(
    admin, people, submitted, second, lead, django_capture_on_commit_callbacks
):
    """Neither is the only one, so neither has open work."""
    User.objects.filter(pk=lead.pk).update(email="lead@example.org")

    with django_capture_on_commit_callbacks(execute=True):
        deactivate(admin, people.editor, second)

    assert not is_active(people.editor) and not is_active(second)
    assert Mail.objects.filter(kind="nobody-can-sign", user=lead).count() == 1


def test_several_with_open_work_are_named(admin, leaving, people):
    make_article(by=people.author)

    answer = deactivate(admin, leaving, people.author)

    assert "author and editor have open work" in words(answer)
    assert is_active(leaving) and is_active(people.author)


def test_the_menus_of_a_login_lead_there(admin, leaving, root):
    listed = admin.get(reverse("wagtailusers_users:index")).content.decode()
    edited = admin.get(reverse("wagtailusers_users:edit", args=[leaving.pk])).content.decode()

    assert page_of(leaving) in listed and page_of(leaving) in edited
    assert page_of(root) not in listed
