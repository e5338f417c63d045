"""The pages on which people sign, suggest and assign, as Wagtail loads them."""

from django.urls import path
from wagtail import hooks

from articles.admin.sign_off.assign import AssignView, take
from articles.admin.sign_off.comments import CommentView
from articles.admin.sign_off.emergency import EmergencyView
from articles.admin.sign_off.reaffirm import ReaffirmView
from articles.admin.sign_off.several import SeveralView, SignedView
from articles.admin.sign_off.suggestions import SuggestionsView, SuggestView
from articles.admin.sign_off.views import SignOffView


@hooks.register("register_admin_urls")
def sign_off_urls():
    return [
        path("sign-off/<str:kind>/<int:pk>/", SignOffView.as_view(), name="articles_sign_off"),
        path("sign-several/", SeveralView.as_view(), name="articles_sign_several"),
        path("sign-several/<int:pk>/", SignedView.as_view(), name="articles_signed_several"),
        path(
            "sign-off/article/<int:pk>/suggest/",
            SuggestView.as_view(),
            {"section": ""},
            name="articles_suggest_article",
        ),
        path("sign-off/article/<int:pk>/suggest/<path:section>/", SuggestView.as_view(), name="articles_suggest"),
        path("sign-off/article/<int:pk>/comment/", CommentView.as_view(), name="articles_comment"),
        path("articles/<int:pk>/suggestions/", SuggestionsView.as_view(), name="articles_suggestions"),
        path("articles/<int:pk>/reaffirm/", ReaffirmView.as_view(), name="articles_reaffirm"),
        path("articles/<int:pk>/emergency/", EmergencyView.as_view(), name="articles_emergency"),
        path("assign/<str:kind>/<int:pk>/", AssignView.as_view(), name="articles_assign"),
        path("take/<str:kind>/<int:pk>/", take, name="articles_take"),
    ]
