"""Apply house style to the text of a document: spelling, the name of the condition, explained terms, typography.

Trees in, trees out, each from beginning to end, because a term is explained at its first use. The words,
quotation marks and units of a language come from its words file. Must never change markup or know a template.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from msgspec.structs import replace

from handouts.document.nodes import FixedWords
from handouts.library import Term, Topic
from handouts.markdown import syntax_tree as tree
from handouts.markdown.names import term_name
from handouts.markdown.syntax_tree import Blocks
from handouts.service import Condition, Service

_WORD = re.compile(r"[^\W\d_]+")


def respelling(topic: Topic, service: Service, spellings: Mapping[str, str]) -> Callable[[str], str]:
    """Return the function that gives a text the service's spelling and name of the condition."""

    def respell(text: str) -> str:
        text = _rename_condition(text, topic.condition, service.condition)
        if service.spelling != "american":
            return text
        return _WORD.sub(lambda found: _match_case(found[0], spellings.get(found[0].lower(), found[0])), text)

    return respell


def _rename_condition(text: str, written: Condition | None, wanted: Condition | None) -> str:
    """Return `text` with the service's name of the condition, in full and in short."""
    if written is None or wanted is None or written == wanted:
        return text
    full = re.compile(rf"\b{re.escape(written.name)}\b", re.IGNORECASE)
    text = full.sub(lambda found: _match_case(found[0], wanted.name), text)
    return re.sub(rf"\b{re.escape(written.short)}\b", lambda _: wanted.short, text)


def _match_case(before: str, after: str) -> str:
    """Return `after` with an initial capital or in capitals if `before` has them."""
    if before.lower() == after.lower():
        return before
    if before.isupper() and len(before) > 1:
        return after.upper()
    return after[0].upper() + after[1:] if before[0].isupper() else after


def respell_blocks(blocks: Blocks, respell: Callable[[str], str]) -> Blocks:
    """Return `blocks` with every text respelled."""

    def change(node: tree.Inline) -> tree.Inlines:
        return (replace(node, text=respell(node.text)) if isinstance(node, tree.TextNode) else node,)

    return tree.rewrite(blocks, change)


def explain_terms(blocks: Blocks, terms: Mapping[str, Term], audience: str, words: FixedWords) -> Blocks:
    """Return `blocks` with each term explained where it is first used outside a heading, for those who need it."""
    waiting = {name for name, term in terms.items() if audience in term.audiences}

    def change(node: tree.Inline) -> tree.Inlines:
        if not isinstance(node, tree.SpanNode) or node.attributes.kind != "term" or term_name(node) not in waiting:
            return (node,)
        name = term_name(node)
        waiting.remove(name)
        before, after = words.say("explained", word="\ue000", meaning=terms[name].means).split("\ue000")
        return (tree.TextNode(before, node.at), node, tree.TextNode(after, node.at))

    return tree.rewrite(blocks, change, headings=False)


_NO_BREAK = "\u00a0"
_BEFORE_QUOTE, _AFTER_QUOTE = r"(?<![^\s(\[/–—“‘„‚«‹-])", r"(?=[\w“‘„‚«‹…])"
_OPENING_QUOTE, _OPENING_INNER_QUOTE = (
    re.compile(f'{_BEFORE_QUOTE}"(?=[\\w\'“‘„‚«‹…])|(?<=[\\s(])"$'),
    re.compile(f"{_BEFORE_QUOTE}'{_AFTER_QUOTE}"),
)
# Before the grade of evidence behind a source, as in [3] (B).
_SPACE_BEFORE_GRADE = re.compile(r" (?=\([A-Z]\))")
# Between letters, and before a shortened year: the '90s.
_APOSTROPHE = re.compile(rf"(?<=\w)'(?=\w)|{_BEFORE_QUOTE}'(?=\d\ds?\b)")


def typeset_blocks(blocks: Blocks, words: FixedWords) -> Blocks:
    """Return `blocks` with the quotation marks and no-break spaces of the language of `words`."""
    return respell_blocks(blocks, typesetting(words))


def typesetting(words: FixedWords) -> Callable[[str], str]:
    """Return the function that gives a text the quotation marks and no-break spaces of the language of `words`."""
    units = "|".join(re.escape(unit) for unit in sorted(words.say("units").split(), key=len, reverse=True))
    signs = "|".join(re.escape(sign) for sign in words.say("before_numbers").split())
    between = "|".join(re.escape(word) for word in words.say("between_numbers").split())
    after = re.compile(rf"(?<=\d) (?=(?:{units})(?!\w))")
    range_ = re.compile(rf"(?<=\d) ({between}) (?=\d)")
    before = re.compile(rf"(?<!\w)({signs}) (?=\d)")

    def typeset(text: str) -> str:
        kept = _SPACE_BEFORE_GRADE.sub(_NO_BREAK, _with_typographic_quotes(text, words))
        ranges = range_.sub(rf"{_NO_BREAK}\1{_NO_BREAK}", kept)
        return before.sub(rf"\1{_NO_BREAK}", after.sub(_NO_BREAK, ranges))

    return typeset


def _with_typographic_quotes(text: str, words: FixedWords) -> str:
    """Return `text` with the language's own marks where straight ones were typed."""
    if '"' not in text and "'" not in text:
        return text
    text = _APOSTROPHE.sub(words.say("apostrophe"), text)
    text = _OPENING_QUOTE.sub(words.say("open_quote"), text)
    text = _OPENING_INNER_QUOTE.sub(words.say("open_inner_quote"), text)
    return text.replace('"', words.say("close_quote")).replace("'", words.say("close_inner_quote"))
