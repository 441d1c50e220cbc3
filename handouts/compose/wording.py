"""The words of a whole document: spelling, the name of the condition, terms at their first use, numbers of citations.

Trees in, trees out; each function looks at a document from its beginning to its end. Knows no template.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from msgspec.structs import replace

from handouts.document import Words
from handouts.library import Term, Topic
from handouts.markdown import tree
from handouts.markdown.checking import term_name
from handouts.markdown.leaves import is_short
from handouts.markdown.tree import Blocks
from handouts.service import Condition, Service

WORD = re.compile(r"[^\W\d_]+")


def respelling(topic: Topic, service: Service, spellings: Mapping[str, str]) -> Callable[[str], str]:
    """Return the function that says a text as the service says it."""

    def respell(text: str) -> str:
        return american(rename_condition(text, topic.condition, service.condition), service.spelling, spellings)

    return respell


def rename_condition(text: str, written: Condition | None, wanted: Condition | None) -> str:
    """Return `text` with the name of the condition as the service says it, in full and in short."""
    if written is None or wanted is None or written == wanted:
        return text
    full = re.compile(rf"\b{re.escape(written.name)}\b", re.IGNORECASE)
    text = full.sub(lambda found: like(found[0], wanted.name), text)
    return re.sub(rf"\b{re.escape(written.short)}\b", lambda _: wanted.short, text)


def american(text: str, spelling: str, spellings: Mapping[str, str]) -> str:
    """Return `text` with American spellings if that is what is wanted."""
    if spelling != "american":
        return text
    return WORD.sub(lambda found: like(found[0], spellings.get(found[0].lower(), found[0])), text)


def like(before: str, after: str) -> str:
    """Return `after` with a capital at its beginning, or in capitals, if `before` is so."""
    if before.lower() == after.lower():
        return before
    if before.isupper() and len(before) > 1:
        return after.upper()
    return after[0].upper() + after[1:] if before[0].isupper() else after


def respell_blocks(blocks: Blocks, respell: Callable[[str], str]) -> Blocks:
    """Return `blocks` with every text respelled."""

    def change(node: tree.Inline) -> tree.Inlines:
        if isinstance(node, tree.Words):
            return (replace(node, text=respell(node.text)),)
        if isinstance(node, tree.Cite | tree.Mark):
            return (node,)
        return (replace(node, content=tree.changed(node.content, change)),)

    return tree.rewrite(blocks, tree.Change(inline=change, title=change))


def explain_terms(blocks: Blocks, terms: Mapping[str, Term], audience: str, words: Words) -> Blocks:
    """Return `blocks` with each term explained where it is first used outside a heading, for those who need it."""
    wanted = {name for name, term in terms.items() if audience in term.audiences}
    done: set[str] = set()

    def change(node: tree.Inline) -> tree.Inlines:
        if isinstance(node, tree.Words | tree.Cite | tree.Mark):
            return (node,)
        node = replace(node, content=tree.changed(node.content, change))
        if not isinstance(node, tree.Stretch) or node.attributes.kind != "term":
            return (node,)
        name = term_name(node)
        if name not in wanted or name in done:
            return (node,)
        done.add(name)
        before, after = words.say("explained", word="\ue000", meaning=terms[name].means).split("\ue000")
        return (tree.Words(before, node.at), node, tree.Words(after, node.at))

    def leave(node: tree.Inline) -> tree.Inlines:
        return (node,)

    return tree.rewrite(blocks, tree.Change(inline=change, title=leave))


def citation_numbers(blocks: Blocks) -> dict[str, int]:
    """Return the number of each source that is cited, in the order in which they first are."""
    keys = (key.text for node in tree.walk_tree(blocks) if isinstance(node, tree.Cite) for key in node.keys)
    return {key: number for number, key in enumerate(dict.fromkeys(keys), 1)}


def first_citation(blocks: Blocks) -> tree.Cite | None:
    """Return the first citation of a document."""
    return next((node for node in tree.walk_tree(blocks) if isinstance(node, tree.Cite)), None)


def source_lists(blocks: Blocks) -> frozenset[bool]:
    """Return of each kind of list of sources in `blocks` whether it is short."""
    divs = (node for node in tree.walk_tree(blocks) if isinstance(node, tree.Div))
    return frozenset(is_short(div) for div in divs if div.attributes.kind == "sources")
