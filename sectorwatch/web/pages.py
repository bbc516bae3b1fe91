"""Pages from templates: escaped, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from sectorwatch.web.site import Site, language_of, root_of
from sectorwatch.web.words.readers import reader_words


class Pages:
    """Fills templates in."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=PackageLoader("sectorwatch.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )

    def show(
        self, template: str, language: str, *, status: int = 200, root: str = "../", **values: Any
    ) -> HTMLResponse:
        """A page; `words` are there for every template. Those of readers are one step below the `root`."""
        words = reader_words(language)
        page = self._templates.get_template(f"{template}.html")
        return HTMLResponse(page.render(words=words, root=root, **values), status, {"Content-Language": words.language})

    def public(self, template: str, site: Site, *, status: int = 200, **values: Any) -> HTMLResponse:
        """A page that anybody may see."""
        page = self._templates.get_template(f"{template}.html")
        text = page.render(site=site, words=site.words, **values)
        return HTMLResponse(text, status, {"Content-Language": site.words.language})

    def nothing_here(self, site: Site, *, public: bool) -> HTMLResponse:
        """The page for an address that is none of ours; it leads to the board where there is one."""
        values = {"heading": site.words.not_found, "advice": site.words.not_found_note, "public": public}
        return self.public("nothing-here", site, status=404, **values)

    def problem(
        self, status: int, request: Request, headers: Mapping[str, str] | None = None, *, language: str = ""
    ) -> HTMLResponse:
        """The page that says what went wrong, and what to do; in the `language` of the reader where it is known."""
        language = language or language_of(request)
        words = reader_words(language)
        heading, advice = words.problems.get(status, words.problems[503 if status >= 500 else 400])
        page = self.show("problem", language, status=status, root=root_of(request), heading=heading, advice=advice)
        page.headers.update(headers or {})
        return page
