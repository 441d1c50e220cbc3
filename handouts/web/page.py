"""Put a whole page together: its metadata, the crisis numbers, the contents, the blocks, and the foot.

Crisis numbers come first, to be at the top on a phone. A discreet page begins with its neutral cover, and nothing
before that says what it is about; its metadata names neither the condition nor the audience.
"""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256

from handouts.document.nodes import CrisisColumn, CrisisLine, Document, begins_with_title, covers_alone
from handouts.figures.shapes import Drawing, Path
from handouts.finding import Finding
from handouts.render_cache import RenderCache
from handouts.theme import Theme
from handouts.version import VERSION
from handouts.web.block_html import blocks_html
from handouts.web.illustration_html import sign_svg
from handouts.web.inline_html import PageContext, heading_html, link_html, number_link, optional
from handouts.web.markup import NOTHING, Html, data_element, element, style_element, text
from handouts.web.style_sheet import HATCH_ID, page_rules

_START, _TOP = "page-text", "page-top"
_LEAST_CONTENTS = 4  # a page with fewer headings has no contents
_HATCH_PITCH = 5.5


def page_html(document: Document, theme: Theme, cache: RenderCache) -> tuple[str, tuple[Finding, ...]]:
    """Return a document as the text of a page, and a finding for each thing that has no room in it."""
    context = PageContext(document, theme, cache)
    body = _body_html(context)
    return whole_page(document, theme, cache, body), tuple(context.findings)


def whole_page(document: Document, theme: Theme, cache: RenderCache, body: Html, kind: str = "") -> str:
    """Return the text of a page with this body: its head, its style, and its fonts.

    `kind` is the type of the page in schema.org, if it is not a handout.
    """
    style = page_rules(theme, body, cache)
    page = element("html", element("head", *_head_elements(document, style, kind)), body, lang=document.language)
    return f"<!DOCTYPE html>\n{page}\n"


def _head_elements(document: Document, style: str, kind: str) -> tuple[Html, ...]:
    """Return the elements of the head; the page may load nothing but its own style, fonts and pictures."""
    style_hash = b64encode(sha256(style.encode("utf-8")).digest()).decode("ascii")
    policy = (
        f"default-src 'none'; style-src 'sha256-{style_hash}'; font-src data:; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", text(document.title)),
        *_metadata_elements(document),
        element("link", rel="icon", href="data:,"),
        style_element(style),
        data_element("application/ld+json", _structured_data(document, kind)),
    )


def _metadata_elements(document: Document) -> tuple[Html, ...]:
    """Return the meta elements for search engines and libraries."""
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


def _structured_data(document: Document, kind: str) -> str:
    """Return the metadata of a page as JSON-LD (schema.org); `kind` is its type if it is not a handout."""
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


# ---------------------------------------------------------------- the body


def _body_html(context: PageContext) -> Html:
    """Return the body of a page."""
    document = context.document
    blocks = document.blocks
    lone = NOTHING
    if covers_alone(document):
        lone, blocks = blocks_html(blocks[:1], context), blocks[1:]
    title = NOTHING
    if not lone and not begins_with_title(document):
        title = heading_html(1, text(document.title), (), context)
    inside = blocks_html(blocks, context)
    leaving = leave_note(context) if document.publication.can_leave else NOTHING
    opening = (_state_html(document), _contents_html(context), leaving)
    skip = link_html(text(context.words.say("web_skip")), f"#{_START}", class_="skip")
    top = element("header", lone, _crisis_html(context), *opening, class_="top")
    main = element("main", title, inside, id=_START, tabindex=-1)
    return element("body", skip, leave_link(context), top, main, _foot_html(context), _hatching(context), id=_TOP)


# ---------------------------------------------------------------- crisis numbers


def _crisis_html(context: PageContext) -> Html:
    """Return the numbers to call in a crisis, each as a link."""
    columns = context.document.crisis.columns
    if not columns:
        return NOTHING
    inside = element("div", *(_crisis_column_html(column, context) for column in columns), class_="columns")
    return element("section", inside, class_="crisis", aria_label=context.words.say("web_crisis"))


def _crisis_column_html(column: CrisisColumn, context: PageContext) -> Html:
    """Return one question with the numbers that answer it."""
    lines = (_crisis_line_html(line, context) for line in column.lines)
    return element("div", element("p", text(column.question)), element("ul", *lines))


def _crisis_line_html(line: CrisisLine, context: PageContext) -> Html:
    """Return one line; one without a number is a blank to write on, which is shown only in print."""
    if not line.number:
        return element("li", text(f"{line.label} "), element("span", class_="line"), class_="to-write")
    return element("li", text(f"{line.label} "), number_link(line.number, line.target, context))


# ---------------------------------------------------------------- around the text


def leave_link(context: PageContext) -> Html:
    """Return the link that leaves the page at once, for readers who may be watched."""
    if not context.document.publication.can_leave:
        return NOTHING
    say = context.words.say
    link = link_html(text(say("web_leave")), say("web_leave_target"))
    return element("nav", link, class_="leave", aria_label=say("web_leave"))


def leave_note(context: PageContext) -> Html:
    """Return the note on what leaving the page hides and what it does not hide."""
    say = context.words.say
    summary = element("summary", text(say("web_leave_about")))
    return element("details", summary, element("p", text(say("web_leave_note"))), class_="leaving")


def _state_html(document: Document) -> Html:
    """Return the line that says who the page is for, and whether it is a draft."""
    return optional(text(document.foot), "p", class_="state")


def _contents_html(context: PageContext) -> Html:
    """Return the headings of a page as links; a discreet page shows their numbers instead of their words."""
    if len(context.outline) < _LEAST_CONTENTS:
        return NOTHING
    say, discreet = context.words.say, context.document.discreet
    entries = (
        element("li", link_html(text(say("section", n=number) if discreet else entry.title), f"#{entry.anchor}"))
        for number, entry in enumerate(context.outline, 1)
    )
    name = say("web_contents")
    listed = element("details", element("summary", text(name)), element("ul", *entries))
    return element("nav", listed, aria_label=name)


def _foot_html(context: PageContext) -> Html:
    """Return the foot: the state of the page, its licence, and the way back to its top."""
    document, say = context.document, context.words.say
    licence = document.publication.licence
    return element(
        "footer",
        _state_html(document),
        optional(text(say("web_licence", licence=licence)) if licence else NOTHING, "p", class_="state"),
        element("p", link_html(text(say("web_top")), f"#{_TOP}"), class_="to-top"),
        class_="foot",
    )


def _hatching(context: PageContext) -> Html:
    """Return the pattern of lines that stands for a colour in an edition for copiers."""
    if not context.theme.edition.hatched:
        return NOTHING
    line = Path((("M", (0.0, _HATCH_PITCH)), ("L", (_HATCH_PITCH, 0.0))), stroke="ink", width=1.4)
    drawn = sign_svg(Drawing(_HATCH_PITCH, _HATCH_PITCH, (line,)), "")
    pattern = element(
        "pattern", drawn, id=HATCH_ID, width=f"{_HATCH_PITCH}", height=f"{_HATCH_PITCH}", patternUnits="userSpaceOnUse"
    )
    return element("svg", pattern, class_="patterns", width=0, height=0, aria_hidden="true")
