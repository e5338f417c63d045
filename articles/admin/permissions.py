"""Permissions that several rooms of the admin ask for. Each verb's own permission stands with the verb."""

REPORTS = "articles.report_article"
