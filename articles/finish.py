"""Wagtail's finish action (WAGTAIL_FINISH_WORKFLOW_ACTION): a workflow that ends publishes what was signed.

Wagtail imports this while its models load, so the stages are imported inside.
"""


def publish_what_was_signed(workflow_state, user=None) -> None:
    """Publish the article's latest revision if all its signatures count; else send it back to who must sign."""
    from articles.publishing.finish import finish

    finish(workflow_state=workflow_state, by=user)
