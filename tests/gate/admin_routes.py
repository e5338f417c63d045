"""The table of the admin's views: what each does to an unsigned article. A new view needs a line here.

SHOWS      opens it, with the article's own keys
ACTS       opens it and presses the button of its form, with what is typed here
NO_ARTICLE holds no article and acts on none; the reason
"""

from collections.abc import Iterator

MODELS = ("source", "offer", "disclaimer", "topic", "person", "policy")
REVISED = ("source", "offer", "disclaimer")
CHOOSER = ("choose", "choose_results", "chosen", "chosen_multiple")


def _words(text: str) -> list[str]:
    return text.split()


PAGES_SHOWN = _words(
    """
    add_subpage usage type_use type_use_results choose_parent view_draft search search_results
    set_page_position collect_workflow_action_data workflow_preview revisions_index revisions_view
    revisions_compare workflow_history workflow_history_detail history history_results
    preview_on_add preview_on_edit set_privacy
    """
)

SHOWS = {
    "wagtailadmin_home",
    "wagtailadmin_explore_root",
    "wagtailadmin_explore",
    "wagtailadmin_explore_results",
    *(f"wagtailadmin_pages:{name}" for name in PAGES_SHOWN),
    *(f"wagtailadmin_api:{kind}:{name}" for kind in ("pages", "images") for name in ("listing", "detail", "find")),
    *(f"wagtailadmin_choose_page{name}" for name in ("", "_child", "_search", "_chosen_multiple")),
    *(f"wagtailadmin_workflows:{name}" for name in ("usage", "usage_results")),
    *(
        f"wagtailadmin_reports:{name}{results}"
        for name in ("locked_pages", "workflow", "workflow_tasks", "site_history", "aging_pages", "page_types_usage")
        for results in ("", "_results")
    ),
    *(f"wagtailsnippetchoosers_articles_{model}:{name}" for model in MODELS for name in CHOOSER),
    *(
        f"wagtailsnippets_articles_{model}:{name}"
        for model in MODELS
        for name in ("list", "list_results", "usage", "history", "history_results")
    ),
    *(f"wagtailsnippets_articles_{model}:revisions_compare" for model in REVISED),
    *(f"wagtailimages:{name}" for name in ("index", "index_results", "image_usage", "preview", "url_generator_output")),
    *(f"wagtailimages:{name}" for name in ("url_generator",)),
    *(f"wagtailimages_chooser:{name}" for name in (*CHOOSER, "select_format")),
    *(f"wagtailusers_users:{name}" for name in ("usage", "history", "history_results")),
    "wagtailadmin_block_preview",
    "articles_panel",
    "articles_picture_words",
    "articles_signed_several",
    "articles_timeline",
    "articles_evidence",
    *(
        f"articles_report_{name}{results}"
        for name in ("signoffs", "ledger", "emergencies", "sources", "links")
        for results in ("", "_results")
    ),
    "articles_list",
    "articles_list_results",
    "articles_forecast",
    "api_keys_withdrawals",
    *(
        f"articles_list_{name}"
        for name in (
            *("waiting_for_me", "open_signatures", "emergencies", "refused", "my_articles"),
            *("outdated_translations", "changed_sources"),
        )
    ),
}

TITLE = {"title": "Zwirbelmark pressed", "slug": "pressed-here"}
ACTS: dict[str, dict[str, str]] = {
    "wagtailadmin_pages:add": TITLE | {"action-publish": "1"},
    "wagtailadmin_pages:edit": TITLE | {"action-publish": "1", "go_live_at": "2020-01-01 10:00"},
    "wagtailadmin_pages:delete": {},
    "wagtailadmin_pages:unpublish": {},
    "wagtailadmin_pages:convert_alias": {},
    "wagtailadmin_pages:move": {},
    "wagtailadmin_pages:move_confirm": {},
    "wagtailadmin_pages:copy": {"new_slug": "copied-here", "publish_copies": "on", "alias": "on"},
    "wagtailadmin_pages:workflow_action": {},
    "wagtailadmin_pages:confirm_workflow_cancellation": {},
    "wagtailadmin_pages:lock": {},
    "wagtailadmin_pages:unlock": {},
    "wagtailadmin_pages:revisions_revert": TITLE | {"action-publish": "1"},
    "wagtailadmin_pages:revisions_unschedule": {},
    "wagtailadmin_api:pages:action": {},
    "wagtail_bulk_action": {},
    "wagtailadmin_collections:set_privacy": {"restriction_type": "none"},
    "wagtailadmin_workflows:add": {"name": "Another"},
    "wagtailadmin_workflows:edit": {},
    "wagtailadmin_workflows:disable": {},
    "wagtailadmin_workflows:enable": {},
    "wagtailadmin_workflows:remove": {},
    "wagtailadmin_workflows:edit_task": {},
    "wagtailadmin_workflows:disable_task": {},
    "wagtailadmin_workflows:enable_task": {},
    "wagtailadmin_editing_sessions:ping": {},
    "wagtailadmin_editing_sessions:release": {},
    "articles_sign_off": {"role": "medical", "password": "a long enough password"},
    "articles_sign_several": {"token": "forged", "difference": "0" * 32, "password": "a long enough password"},
    "articles_suggest": {"after-0": "Zwirbelmark suggested", "before-0": "Zwirbelmark"},
    "articles_suggest_article": {"key-0": "title", "after-0": "Zwirbelmark suggested", "before-0": "Zwirbelmark"},
    "articles_comment": {"words": "Zwirbelmark", "text": "Zwirbelmark commented"},
    "articles_suggestions": {"accept": "1"},
    "articles_replace_source": {"old": "1", "new": "1"},
    "articles_look_up_sources": {"do": "all"},
    "articles_look_up_source": {"do": "use"},
    "articles_translate": {"language": "de"},
    "articles_up_to_date": {"original": "1", "shown": "forged"},
    "articles_withdraw": {"reason": "safety"},
    "articles_publish_later": {"at": "2020-01-01 10:00"},
    "articles_withdraw_later": {"at": "2020-01-01 10:00", "reason": "safety"},
    "articles_schedule_cancel": {},
    "articles_refile": {"slug": "refiled-here"},
    "articles_reaffirm": {"role": "medical", "password": "a long enough password"},
    "articles_emergency": {"why": "Zwirbelmark", "password": "a long enough password"},
    "articles_void": {"reason": "Zwirbelmark"},
    "articles_void_since": {"reason": "Zwirbelmark", "shown": "1"},
    "articles_hand_over": {},
    "articles_withdraw_many": {"reason": "safety"},
    "articles_correct": {},
    "articles_replace_many": {"place": "1.1.0", "note": "Zwirbelmark"},
    "articles_return": {"token": "forged", "article": "forged", "password": "a long enough password"},
    "articles_notices": {"text-en": "Zwirbelmark", "password": "a long enough password"},
    "articles_notices_confirm": {"password": "a long enough password"},
    "articles_notices_lift": {"reason": "Zwirbelmark"},
    "articles_assign": {"role": "medical", "to": "1"},
    "articles_take": {"role": "medical"},
    **{f"wagtailsnippets_articles_{model}:edit": {} for model in MODELS},
    **{f"wagtailsnippets_articles_{model}:copy": {} for model in MODELS},
    **{f"wagtailsnippets_articles_{model}:delete": {} for model in MODELS},
    **{f"wagtailsnippets_articles_{model}:revisions_revert": {} for model in REVISED},
    **{f"wagtailimages:{name}": {} for name in ("edit", "delete", "edit_multiple", "delete_multiple")},
    "wagtailsettings:edit": {},
    "wagtailusers_users:edit": {},
    "wagtailusers_users:delete": {},
}

_UPLOAD = "a file of its own, which no article shows yet"
_PEOPLE = "logins and groups; the Person on the byline is a snippet"
_NEW_ROW = "a new record that no article names yet"
_IMPORT = "found by the key of an import; tests/admin/importing says who may open it, and who may compare its draft"
_OF_IMPORTS = _words(
    "_run _progress _draft_all _undo _continue _files _views _mapping "
    "_article _edit _title _draft _compare _changes _keep _original"
)
NO_ARTICLE: dict[str, str] = {
    **{f"articles_import{name}": _IMPORT for name in ("", *_OF_IMPORTS)},
    "articles_new": "asks for the type of a new article, and for its folder",
    **{f"articles_guide{name}": "the guides, which are files" for name in ("", "_picture")},
    "articles_passkeys": "one's own passkeys",
    "articles_peoples_passkeys": "who signs with which passkey",
    "articles_codes": "finds codes of the terminologies that are loaded",
    "articles_source_labels": "names the sources of the library that are asked for",
    "articles_sources_named": "names sources by what was pasted",
    **{f"api_keys{name}": "keys of systems that read what is published" for name in ("", "_create", "_revoke")},
    "admin/test404/": "an error page",
    "wagtailadmin_error_test": "raises on purpose, so that operators see what a failure looks like",
    "admin/^.*/$": "the catch-all: 404",
    **{f"wagtailadmin_api:documents:{name}": "documents are in no article" for name in ("listing", "detail", "find")},
    **{
        f"wagtaildocs:{name}": "documents are in no article, and their public address is not mounted"
        for name in _words(
            """
    index index_results add edit delete add_multiple edit_multiple
    create_multiple_from_uploaded_document delete_multiple delete_upload_multiple document_usage
    """
        )
    },
    **{f"wagtaildocs_chooser:{name}": "documents are in no article" for name in (*CHOOSER, "create")},
    **{
        f"wagtailimages:{name}": _UPLOAD
        for name in ("add", "add_multiple", "create_multiple_from_uploaded_image", "delete_upload_multiple")
    },
    "wagtailimages_chooser:create": _UPLOAD,
    **{f"wagtailsnippets_articles_{model}:add": _NEW_ROW for model in MODELS},
    **{f"wagtailsnippetchoosers_articles_{model}:create": _NEW_ROW for model in MODELS},
    "wagtailsnippets:index": "the list of kinds of snippets",
    **{
        f"wagtailadmin_choose_page_{kind}_link": "a link typed by hand"
        for kind in ("external", "email", "phone", "anchor")
    },
    "wagtailadmin_tag_autocomplete": "words of tags",
    "wagtailadmin_tag_model_autocomplete": "words of tags",
    **{f"wagtailadmin_collections:{name}": "folders of images" for name in ("index", "add", "edit", "delete")},
    **{
        f"wagtailadmin_workflows:{name}": "steps and workflows themselves"
        for name in _words(
            """
    index index_results add_task select_task_type task_index task_index_results task_chooser
    task_chooser_results task_chooser_create task_chosen
    """
        )
    },
    **{
        f"wagtailsites:{name}": "which hosts Wagtail knows; nothing is served by them"
        for name in ("index", "index_results", "add", "edit", "copy", "delete", "usage", "history", "history_results")
    },
    **{f"wagtailusers_users:{name}": _PEOPLE for name in ("index", "index_results", "add", "copy")},
    **{
        f"wagtailusers_groups:{name}": _PEOPLE
        for name in ("index", "index_results", "add", "edit", "delete", "history", "history_results", "usage")
    },
    "wagtailsettings:preview_on_edit": "there are no settings",
    "articles_confirm_person": _PEOPLE,
    "articles_decide_source": "about a source; it names the articles that cite it",
    "articles_merge_source": "merges records of the library, and shows no article",
    "articles_withdraw_component": "takes back an offer or a disclaimer, and shows no article",
    "cms_mail": "the demo's letters, for superusers",
    "wagtailadmin_account": "one's own account",
    "wagtailadmin_logout": "ends a session",
    "wagtailadmin_login": "begins one",
    "wagtailadmin_dismissibles": "hints that one has read",
    "wagtailadmin_sprite": "icons",
    "wagtailadmin_javascript_catalog": "translated words of the interface",
    **{f"wagtailadmin_password_reset{name}": "a forgotten password" for name in ("", "_done", "_confirm", "_complete")},
}


def lacking(names: Iterator[str]) -> list[str]:
    """Views that stand in none of the three lists."""
    return sorted(set(names) - SHOWS - set(ACTS) - set(NO_ARTICLE))
