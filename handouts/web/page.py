"""Put a whole page together: what it says of itself, whom to call, the contents, the blocks, and the foot.

Whom to call comes first, so that it is at the top on a phone. A discreet page begins with its neutral cover, and
nothing before that says what it is about.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

from handouts.document.nodes import CrisisColumn, CrisisLine, Document, begins_with_title, covers_alone
from handouts.figures.shapes import Drawing, Path
from handouts.finding import Finding
from handouts.render_cache import RenderCache
from handouts.theme import Theme
from handouts.web.block_html import blocks_html
from handouts.web.inline_html import PageContext, heading_html, link_html, number_link, optional
from handouts.web.inline_svg import sign_svg
from handouts.web.markup import NOTHING, Html, data_element, element, style_element, text
from handouts.web.page_fonts import font_rules
from handouts.web.page_metadata import metadata_elements, structured_data
from handouts.web.style_sheet import HATCH_ID, page_rules

_START, _TOP = "page-text", "page-top"
_LEAST_CONTENTS = 4  # headings from which on a page lists them
_HATCH_PITCH = 5.5


def page_html(document: Document, theme: Theme, cache: RenderCache) -> tuple[str, tuple[Finding, ...]]:
    """Return a page as text, and what has no room in it."""
    context = PageContext(document, theme, cache)
    body = _body_html(context)
    return whole_page(document, theme, cache, body), tuple(context.findings)


def whole_page(document: Document, theme: Theme, cache: RenderCache, body: Html, kind: str = "") -> str:
    """Return a page with this body as text: its head, its style, and the letters that it has.

    `kind` is what schema.org calls such a page, if it is none of a handout.
    """
    fonts, families = font_rules(body, theme, cache) if theme.web_letters else ("", "")
    style = page_rules(theme, fonts, families)
    page = element("html", element("head", *_head_elements(document, style, kind)), body, lang=document.language)
    return f"<!DOCTYPE html>\n{page}\n"


def _head_elements(document: Document, style: str, kind: str) -> tuple[Html, ...]:
    """Return what is in the head: first what the page may do, which is to show its own style, fonts and pictures."""
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
        *metadata_elements(document),
        element("link", rel="icon", href="data:,"),
        style_element(style),
        data_element("application/ld+json", structured_data(document, kind)),
    )


def _body_html(context: PageContext) -> Html:
    """Return all that is seen."""
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


# ---------------------------------------------------------------- whom to call


def _crisis_html(context: PageContext) -> Html:
    """Return whom to call now, each number as a link that calls it."""
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
    """Return one line; one without a number can be written on where the page is printed, and is not seen before."""
    if not line.number:
        return element("li", text(f"{line.label} "), element("span", class_="line"), class_="to-write")
    return element("li", text(f"{line.label} "), number_link(line.number, line.target, context))


# ---------------------------------------------------------------- around the text


def leave_link(context: PageContext) -> Html:
    """Return the link that leaves the page at once, for readers whom somebody may watch."""
    if not context.document.publication.can_leave:
        return NOTHING
    say = context.words.say
    link = link_html(text(say("web_leave")), say("web_leave_target"))
    return element("nav", link, class_="leave", aria_label=say("web_leave"))


def leave_note(context: PageContext) -> Html:
    """Return what leaving a page hides, and what it does not."""
    say = context.words.say
    summary = element("summary", text(say("web_leave_about")))
    return element("details", summary, element("p", text(say("web_leave_note"))), class_="leaving")


def _state_html(document: Document) -> Html:
    """Return for whom a page is, and in what state: a draft says so."""
    return optional(text(document.foot), "p", class_="state")


def _contents_html(context: PageContext) -> Html:
    """Return the headings of a page as links; those of a discreet page by number, as its bookmarks are on paper."""
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
