"""Every model of the `articles` app, gathered for Django from the stages that own them."""

from articles.authoring.codes.models import Code, CodeList
from articles.authoring.components import Disclaimer, Offer
from articles.authoring.images import Image, ImageRendition
from articles.authoring.models import (
    ArticleAuthor,
    ArticleDisclaimer,
    ArticleIndexPage,
    ArticlePage,
    ArticleTopic,
    RelatedArticle,
)
from articles.authoring.people import Person
from articles.authoring.topics import Topic
from articles.intake.models import (
    ImportChunk,
    ImportedArticle,
    ImportedHeading,
    ImportedPicture,
    ImportFile,
    ImportRun,
    PageViews,
    TaughtHeading,
)
from articles.publishing.models import Schedule
from articles.review.models import (
    ChangeRequest,
    CommentedWords,
    Contribution,
    Decline,
    Mail,
    OpenNeed,
    Policy,
    Reminder,
    Suggestion,
    TranslationBase,
    WrittenPiece,
)
from articles.review.passkeys.models import Passkey, PasskeyRequest
from articles.review.workflow import SignOffTask
from articles.sources.models import Source

__all__ = [
    "ArticleAuthor",
    "ArticleDisclaimer",
    "ArticleIndexPage",
    "ArticlePage",
    "ArticleTopic",
    "ChangeRequest",
    "Code",
    "CodeList",
    "CommentedWords",
    "Contribution",
    "Decline",
    "Disclaimer",
    "Image",
    "ImageRendition",
    "ImportChunk",
    "ImportFile",
    "ImportRun",
    "ImportedArticle",
    "ImportedHeading",
    "ImportedPicture",
    "Mail",
    "Offer",
    "OpenNeed",
    "PageViews",
    "Passkey",
    "PasskeyRequest",
    "Person",
    "Policy",
    "RelatedArticle",
    "Reminder",
    "Schedule",
    "SignOffTask",
    "Source",
    "Suggestion",
    "TaughtHeading",
    "Topic",
    "TranslationBase",
    "WrittenPiece",
]
