"""The package of Open XML parts that python-pptx opens as its template: masters, layouts, and no slide."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from io import BytesIO

from msgspec.structs import replace

from handouts.deck.markup import DECLARATION, SCHEME
from handouts.deck.masters import layout_xml, master_xml
from handouts.deck.planned import LayoutKey
from handouts.deck.templates import (
    handout_master_xml,
    notes_master_xml,
    presentation_xml,
    properties_xml,
    table_styles_xml,
    theme_xml,
    view_xml,
)
from handouts.document import Words
from handouts.theme import Theme

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
TYPE = "application/vnd.openxmlformats-officedocument.{}+xml"
KINDS = (
    ("ppt/presentation.xml", "presentationml.presentation.main"),
    ("ppt/slideMasters/slideMaster1.xml", "presentationml.slideMaster"),
    ("ppt/notesMasters/notesMaster1.xml", "presentationml.notesMaster"),
    ("ppt/handoutMasters/handoutMaster1.xml", "presentationml.handoutMaster"),
    ("ppt/theme/theme1.xml", "theme"),
    ("ppt/theme/theme2.xml", "theme"),
    ("ppt/theme/theme3.xml", "theme"),
    ("ppt/presProps.xml", "presentationml.presProps"),
    ("ppt/viewProps.xml", "presentationml.viewProps"),
    ("ppt/tableStyles.xml", "presentationml.tableStyles"),
)


def template_package(keys: Iterable[LayoutKey], theme: Theme, words: Words, language: str) -> bytes:
    """Return an empty presentation with the layouts `keys`."""
    layouts = {f"ppt/slideLayouts/slideLayout{n}.xml": key for n, key in enumerate(keys, 1)}
    kinds = (*KINDS, *((name, "presentationml.slideLayout") for name in layouts))
    parts = {
        "[Content_Types].xml": types_xml(kinds),
        "_rels/.rels": relations_xml(("officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": presentation_xml(theme, language, ("rId1", "rId2", "rId3")),
        **fixed_parts(theme, language),
        **slide_parts(layouts, theme, words, language),
    }
    return stored(parts)


def fixed_parts(theme: Theme, language: str) -> dict[str, str]:
    """Return the parts that do not depend on the layouts, with their relations."""
    return {
        "ppt/_rels/presentation.xml.rels": relations_xml(
            ("slideMaster", "slideMasters/slideMaster1.xml"),
            ("notesMaster", "notesMasters/notesMaster1.xml"),
            ("handoutMaster", "handoutMasters/handoutMaster1.xml"),
            ("presProps", "presProps.xml"),
            ("viewProps", "viewProps.xml"),
            ("theme", "theme/theme1.xml"),
            ("tableStyles", "tableStyles.xml"),
        ),
        "ppt/presProps.xml": properties_xml(),
        "ppt/viewProps.xml": view_xml(),
        "ppt/tableStyles.xml": table_styles_xml(theme),
        **{f"ppt/theme/theme{number}.xml": theme_xml(theme) for number in (1, 2, 3)},
        "ppt/notesMasters/notesMaster1.xml": notes_master_xml(theme, language),
        "ppt/notesMasters/_rels/notesMaster1.xml.rels": relations_xml(("theme", "../theme/theme2.xml")),
        "ppt/handoutMasters/handoutMaster1.xml": handout_master_xml(theme, language),
        "ppt/handoutMasters/_rels/handoutMaster1.xml.rels": relations_xml(("theme", "../theme/theme3.xml")),
    }


def slide_parts(layouts: Mapping[str, LayoutKey], theme: Theme, words: Words, language: str) -> dict[str, str]:
    """Return the slide master and its layouts, with their relations."""
    numbers = range(1, len(layouts) + 1)
    below = [("slideLayout", f"../slideLayouts/slideLayout{number}.xml") for number in numbers]
    parts = {
        "ppt/slideMasters/slideMaster1.xml": master_xml(numbers, theme, words, language),
        "ppt/slideMasters/_rels/slideMaster1.xml.rels": relations_xml(*below, ("theme", "../theme/theme1.xml")),
    }
    fixed = {role: value for role, value in theme.colours.items() if role not in SCHEME}
    shared = replace(theme, colours=fixed, print={})
    for name, key in layouts.items():
        parts[name] = layout_xml(key, shared, words, language)
        relations = name.replace("slideLayouts/", "slideLayouts/_rels/") + ".rels"
        parts[relations] = relations_xml(("slideMaster", "../slideMasters/slideMaster1.xml"))
    return parts


def types_xml(kinds: Iterable[tuple[str, str]]) -> str:
    """Return the list of the types of all parts."""
    overrides = "".join(f'<Override PartName="/{name}" ContentType="{TYPE.format(kind)}"/>' for name, kind in kinds)
    return (
        f'{DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def relations_xml(*relations: tuple[str, str]) -> str:
    """Return relations of the given kinds to the given parts; their ids are rId1, rId2 and so on."""
    entries = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(relations, 1)
    )
    return (
        f'{DECLARATION}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{entries}'
        "</Relationships>"
    )


def stored(parts: Mapping[str, str]) -> bytes:
    """Return `parts` as a zip file that is opened at once and thrown away: nothing in it is packed."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()
