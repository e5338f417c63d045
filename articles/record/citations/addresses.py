"""Where a DOI or a PMID leads."""


def address_of(identifier: str) -> str | None:
    """The page of a DOI or PMID for readers; None for "". Sources: DOI Handbook 3.8; PubMed's permanent addresses."""
    if not identifier:
        return None
    at = "https://pubmed.ncbi.nlm.nih.gov/{}/" if identifier.isdecimal() else "https://doi.org/{}"
    return at.format(identifier)
