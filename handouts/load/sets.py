"""content/build.yaml: what a build can be asked for by one name, such as everything for the printer.

Takes a node, gives sets of choices with their places, and gathers findings. Whether what is chosen is there is known
once everything is read, and looked at by whoever builds. Opens no file itself.
"""

from __future__ import annotations

from handouts.finding import Finding, error
from handouts.library import BuildSet
from handouts.load.reading import check_name, open_fields
from handouts.load.settings import Items, Node, Scalar
from handouts.markdown.attributes import Word

LISTS = ("topic", "audience", "language", "template", "format", "edition", "paper", "country", "minutes")
FLAGS = ("fillable", "booklet", "builds")
YES, NO = "yes", "no"
MOST_SETS, MOST_VALUES = 50, 100


def read_sets(node: Node | None, findings: list[Finding]) -> dict[str, BuildSet]:
    """Return the sets by name; none if there is no file of them."""
    if node is None:
        return {}
    sets = {}
    for key, value in open_fields(node, findings, optional=None).each():
        check_name(key, "a set", findings)
        chosen = open_fields(value, findings, (), (*LISTS, *FLAGS))
        choices = {}
        for name, inside in chosen.each():
            words = read_choice(name.text, inside, findings)
            if words:
                choices[name.text] = words
        sets[key.text] = BuildSet(key.text, choices, key.at)
    if len(sets) > MOST_SETS:
        last = list(sets.values())[MOST_SETS]
        findings.append(error("too-many", f"There are {len(sets)} sets.", last.at, f"{MOST_SETS} are the most"))
        return {}
    return sets


def read_choice(name: str, node: Node, findings: list[Finding]) -> tuple[Word, ...]:
    """Return the values that a set chooses for one option: one, or a list; a flag is yes or no."""
    if name in FLAGS:
        return read_flag(name, node, findings)
    items = node.items if isinstance(node, Items) else (node,)
    if len(items) > MOST_VALUES:
        findings.append(error("too-many", f"'{name}' has {len(items)} values.", node.at, f"{MOST_VALUES} are the most"))
        return ()
    words = []
    for item in items:
        if isinstance(item, Scalar):
            words.append(Word(item.text, item.at))
        else:
            hint = f"write {name}: one, or {name}: [one, two]"
            findings.append(error("wrong-type", f"'{name}' needs a name or a list of names.", item.at, hint))
    return tuple(word for word in words if word.text)


def read_flag(name: str, node: Node, findings: list[Finding]) -> tuple[Word, ...]:
    """Return "yes" if a set switches something on."""
    if isinstance(node, Scalar) and node.text in (YES, NO, ""):
        return (Word(YES, node.at),) if node.text == YES else ()
    findings.append(error("wrong-type", f"'{name}' needs yes or no.", node.at, f"write {name}: yes"))
    return ()
