"""Who may see a picture that editors uploaded, and its words. A picture of a draft is a part of the draft.

Files are found by the rows that name them, and pictures only: whatever else lies in the folder is not served.
"""

from collections.abc import Iterator
from typing import cast

from django.contrib.auth.models import AbstractUser as User
from django.db.models import Q
from django.http import Http404, HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from wagtail.permissions import policy_registry
from wagtail.users.models import UserProfile

from articles.authoring.images import WORDS, Image, ImageRendition
from articles.authoring.models import ArticlePage
from articles.document.gather import gather
from articles.review.draft_readers import may_read, may_read_in_emergency

ENTER = "wagtailadmin.access_admin"
WORK = ("choose", "add", "change")


def picture_words(request: HttpRequest, pk: int) -> JsonResponse:
    """`{"alt": "…", "credit": "…"}` of a picture in the library, for the editor that chose it."""
    image = get_object_or_404(Image, pk=pk)
    if not may_work_with(image, cast(User, request.user)):
        raise Http404
    return JsonResponse({word: getattr(image, word) for word in WORDS})


def may_see(path: str, user: User) -> bool:
    """Whether the file at `path` below the media folder is a picture that this person may see."""
    if not user.has_perm(ENTER) or "\0" in path:
        return False
    image = _image_at(path)
    if image is None:
        return UserProfile.objects.filter(avatar=path).exists()
    return may_work_with(image, user) or any(_may_read(page, user) for page in showing(image))


def may_work_with(image: Image, user: User) -> bool:
    """Whether the person may choose it for an article, or edit it."""
    return policy_registry.get_by_type(Image).user_has_any_permission_for_instance(user, WORK, image)


def showing(image: Image) -> Iterator[ArticlePage]:
    """The articles whose latest draft shows it."""
    named = Q(latest_revision__content__hero=image.pk) | Q(latest_revision__content__social_image=image.pk)
    # The body is stored as text; this also finds 12 for 1, so the draft is asked.
    named |= Q(latest_revision__content__body__icontains=f'"image": {image.pk}')
    for page in ArticlePage.objects.filter(named).select_related("latest_revision"):
        if image.pk in gather(page.latest_revision).images:
            yield page


def _image_at(path: str) -> Image | None:
    rendition = ImageRendition.objects.filter(file=path).select_related("image").first()
    return rendition.image if rendition else Image.objects.filter(file=path).first()


def _may_read(page: ArticlePage, user: User) -> bool:
    return may_read(page, user) or may_read_in_emergency(page, user)
