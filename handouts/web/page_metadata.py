"""What a page says of itself to search engines and libraries: names, dates, licence, and schema.org as JSON.

A discreet page says nothing of the condition, nor of who it is for.
"""

from __future__ import annotations

import json

from handouts.document.nodes import Document
from handouts.version import VERSION
from handouts.web.markup import Html, element


def metadata_elements(document: Document) -> tuple[Html, ...]:
    """Return the meta elements with what is known of a document."""
    named = {
        "description": document.subject,
        "author": document.author,
        "keywords": ", ".join(document.keywords),
        "generator": f"handouts {VERSION}",
        "dcterms.modified": document.modified,
        "dcterms.license": document.publication.licence,
        "color-scheme": "light dark",
        "referrer": "no-referrer",
        "format-detection": "telephone=no",
    }
    return tuple(element("meta", name=name, content=content) for name, content in named.items() if content)


def structured_data(document: Document, kind: str = "") -> str:
    """Return what a page is as JSON-LD (schema.org); `kind` is its type there, if it is none of a handout."""
    about = document.publication
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": kind or ("WebPage" if document.discreet else "MedicalWebPage"),
        "name": document.title,
        "inLanguage": document.language,
        "datePublished": document.modified,
        "dateModified": document.modified,
        "lastReviewed": about.reviewed_on,
        "description": document.subject,
        "license": {"@type": "CreativeWork", "name": about.licence} if about.licence else "",
        "author": {"@type": "Organization", "name": document.author} if document.author else "",
        "creativeWorkStatus": about.state,
        "isAccessibleForFree": True,
    }
    if not document.discreet:
        data["audience"] = {"@type": "MedicalAudience", "audienceType": about.audience} if about.audience else ""
        if about.condition:
            data["about"] = {"@type": "MedicalCondition", "name": about.condition, "alternateName": about.short}
    return json.dumps({key: value for key, value in data.items() if value}, ensure_ascii=False, sort_keys=False)
