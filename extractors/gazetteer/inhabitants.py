"""What Ukrainian and Russian call the people of a town: куп'янчани, краматорці, купянчане. They are written small."""

from __future__ import annotations

from collections.abc import Iterator

from extractors.gazetteer.adjectives import Form, adjectives_of

INHABITANT = "inhabitant"
"""The origin of these forms, see `forms.WEIGHTS`."""

_ENDINGS = {
    "uk": (
        "чани чан чанам чанами чанах чанин чанина чанину чанином чанка чанки чанку чанкою чанок",
        "ці ців цям цями цях ець ця цю цем",
    ),
    "ru": (
        "чане чан чанам чанами чанах чанин чанина чанину чанином чанка чанки чанку чанкой чанок",
        "цы цев цам цами цах ец ца цу цем цом",
    ),
}
_ADJECTIVE = {"uk": "ський", "ru": "ский"}


def inhabitants_of(name: str, language: str) -> Iterator[tuple[str, Form]]:
    """The adjective of a town, and a form of what its people are called after it; none for towns in -цьк."""
    for adjective in adjectives_of(name, language):
        stem = adjective.removesuffix(_ADJECTIVE[language])
        if stem == adjective:
            continue
        for endings in _ENDINGS[language]:
            yield from ((adjective, Form(stem + end, language, INHABITANT)) for end in endings.split())
