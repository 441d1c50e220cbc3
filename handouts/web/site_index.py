"""The index page of a website: its files by topic and audience, with language, state, format and size."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar
from urllib.parse import quote

from msgspec import Struct

from handouts.document.nodes import Document
from handouts.render_cache import RenderCache
from handouts.theme import Theme
from handouts.web.inline_html import PageContext
from handouts.web.markup import NOTHING, Html, element, text
from handouts.web.page import leave_link, leave_note, whole_page

_PART_SEPARATOR = " · "
_KIND = "CollectionPage"
_Key = TypeVar("_Key")


class ListedFile(Struct, frozen=True):
    """A file that the index links to: its path below the index, and its description in words of its language.

    `about` (what it is, its language and its state) is the same for all forms of a text; `form` and `size` differ.
    """

    file: str
    topic: str
    audience: str
    language: str
    title: str
    about: tuple[str, ...]
    form: str
    size: str

    @property
    def texts(self) -> tuple[str, ...]:
        """All words of the index about the file."""
        return (self.topic, self.audience, self.title, _PART_SEPARATOR.join(self.about), self.form, self.size)


def index_html(document: Document, files: Sequence[ListedFile], theme: Theme, cache: RenderCache) -> bytes:
    """Return the page that links to `files`, with topics, audiences and texts in the order of their first file.

    `document` gives the title and language of the page, and says whether its readers may need to leave it quickly.
    """
    context = PageContext(document, theme, cache)
    leaves = document.publication.can_leave
    parts = [element("h1", text(document.title)), leave_note(context) if leaves else NOTHING]
    for topic, of_topic in _grouped(files, lambda each: each.topic):
        parts.append(element("h2", text(topic)))
        for audience, of_audience in _grouped(of_topic, lambda each: each.audience):
            parts.append(element("h3", text(audience)))
            texts = _grouped(of_audience, lambda each: (each.language, each.title, each.about))
            parts.extend(_text_html(forms, document.language) for _, forms in texts)
    body = element("body", leave_link(context), element("main", *parts))
    return whole_page(document, theme, cache, body, _KIND).encode("utf-8")


def _grouped(
    files: Sequence[ListedFile], key: Callable[[ListedFile], _Key]
) -> Iterator[tuple[_Key, tuple[ListedFile, ...]]]:
    """Yield each key with its files, in the order of the first file of each."""
    for each in dict.fromkeys(map(key, files)):
        yield each, tuple(file for file in files if key(file) == each)


def _text_html(forms: Sequence[ListedFile], language: str) -> Html:
    """Return one text with links to all its forms, marked with its own language."""
    first = forms[0]
    other = first.language if first.language != language else ""
    about = element("p", text(_PART_SEPARATOR.join(first.about)), class_="state")
    listed = element("ul", *(_form_html(each, other) for each in forms))
    return element("section", element("h4", text(first.title)), about, listed, class_="listed", lang=other)


def _form_html(file: ListedFile, language: str) -> Html:
    """Return a link to one form of a text, labelled with its title for screen readers, and its size."""
    link = element(
        "a", text(file.form), href=quote(file.file), hreflang=language, aria_label=f"{file.form}: {file.title}"
    )
    return element("li", link, element("span", text(f"{_PART_SEPARATOR}{file.size}"), class_="how"))
