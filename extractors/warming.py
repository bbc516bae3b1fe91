"""Has ready what the first pages would import, load and compile: processes that are forked from this one share it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module

from extractors.reading import PRELOAD, PageToRead, prepare, read_page
from sectorwatch.domain import FeedText
from sectorwatch.errors import InputError, SandboxError

_SAMPLES = {
    "uk": "Російські війська вночі обстріляли Лиман і Куп’янськ, повідомила обласна військова адміністрація.",
    "ru": "Российские войска ночью обстреляли Лиман и Купянск, сообщила областная военная администрация.",
    "en": "Russian forces shelled Lyman and Kupiansk overnight, the regional military administration said.",
    "de": "Russische Truppen haben in der Nacht Lyman und Kupjansk beschossen, teilte die Verwaltung mit.",
    "fr": "Les forces russes ont bombardé Lyman et Koupiansk dans la nuit, selon l'administration régionale.",
}
_REPEATED = 4  # paragraphs of a page


def warm(own_sectors: Sequence[tuple[str, str]]) -> None:
    """For pages of the shipped sectors and of these. Sectors that cannot be compiled are told of by the first page."""
    for name in PRELOAD:
        import_module(name)
    _load_stop_words()
    prepare(own_sectors)
    for language, text in _SAMPLES.items():
        page = (
            f"<html lang={language}><title>{text}</title><body><article>{f'<p>{text}</p>' * _REPEATED}</article></body>"
        )
        feed = FeedText(title=text, summary=text, content=None, language=language, published_at=None)
        for whole in (True, False):
            with suppress(InputError, SandboxError):
                read_page(PageToRead(html=page.encode(), url="", charset="utf-8", feed=feed, whole=whole, keep=True))


def _load_stop_words() -> None:
    """Those of trafilatura's last resort, of a hundred languages: 28 MB and half a second, once they are needed."""
    from lxml.html import document_fromstring  # type: ignore[import-untyped]
    from trafilatura.external import try_justext

    try_justext(document_fromstring(b"<p>words</p>"), None, None)
