"""The first page of a website: what there is, by topic and by who it is for, with form, size and date."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from urllib.parse import quote

from msgspec import Struct

from handouts.document.nodes import Document
from handouts.render_cache import RenderCache
from handouts.theme import Theme
from handouts.web.markup import Html, element, text
from handouts.web.page import whole_page

_PART_SEPARATOR = " · "


class ListedFile(Struct, frozen=True):
    """A file that the index leads to: its place below the index, and what is said of it in words.

    Its `kind` and `form` tell it from others of the same title; `facts` are its edition, size and date.
    """

    file: str
    topic: str
    audience: str
    language: str
    title: str
    kind: str
    form: str
    facts: tuple[str, ...]

    @property
    def said(self) -> str:
        """All that is said of the file, in one text."""
        return _PART_SEPARATOR.join((self.title, self.kind, self.form, *self.facts))


def index_html(document: Document, files: Sequence[ListedFile], theme: Theme, cache: RenderCache) -> bytes:
    """Return the page that leads to `files`, which stand in the order in which they are listed.

    `document` says what the page is called and in which language it is.
    """
    parts = [element("h1", text(document.title))]
    for topic, of_topic in groupby(files, key=lambda each: each.topic):
        parts.append(element("h2", text(topic)))
        for audience, of_audience in groupby(of_topic, key=lambda each: each.audience):
            parts.append(element("h3", text(audience)))
            parts.append(element("ul", *(_file_html(each, document.language) for each in of_audience), class_="files"))
    body = element("body", element("main", *parts))
    return whole_page(document, theme, cache, body).encode("utf-8")


def _file_html(each: ListedFile, language: str) -> Html:
    """Return a link that says which file it leads to, its title in its own language, and what else is said of it."""
    other = each.language if each.language != language else ""
    title = element("span", text(each.title), lang=other, class_="name")
    which = text(f"{_PART_SEPARATOR}{each.kind}{_PART_SEPARATOR}{each.form}")
    link = element("a", title, which, href=quote(each.file), hreflang=other)
    rest = text("".join(f"{_PART_SEPARATOR}{fact}" for fact in each.facts))
    return element("li", link, element("span", rest, class_="how"))
