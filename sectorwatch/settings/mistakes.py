"""How a mistake in the settings is told: what, where and what to do.

Where is the file with its line, or the environment variable. Values that may be secret are not repeated.
"""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from sectorwatch.errors import ConfigurationError, ConfigurationErrors
from sectorwatch.nearest import nearest
from sectorwatch.settings.roster import LONGEST_NAME
from sectorwatch.toml_lines import Lines, Place

PREFIX = "SECTORWATCH_"
_KEY = "[key]"  # ends the place of what is wrong with a key itself, and not with its value
_OF_NAMES = ("literal_error", "enum")  # what is none of a few words is no secret: it is repeated


def explained(
    error: ValidationError, root: type[BaseModel], given: str, content: Mapping[str, Any], text: str = ""
) -> str:
    """Pydantic's complaints as lines of what, where and what to do; values are not repeated that may be secret.

    They come in the order of the file's lines, those of the environment before them. `root` is what was to be made of
    `content`, `text` that of the file, for the numbers of its lines.
    """
    found: list[tuple[float, str]] = []
    there = Lines(text)
    for problem in error.errors(include_url=False):
        place = problem["loc"]
        of_a_key = place[-1:] == (_KEY,)
        place = place[:-1] if of_a_key else place
        variable = _variable_of(place) or (_variable_of(place[:-1]) if problem["type"] == "missing" else "")
        number = None if variable else there.line_of(place)
        origin = f"the environment variable {variable}" if variable else given + _line(number)
        name = ".".join(str(part) for part in (place[:-1] if of_a_key else place))
        whose = "" if variable else _whose(place, content)
        if problem["type"] == "extra_forbidden":
            known = fields_at(root, place[:-1])
            said = f"{origin}: unknown key {name!r}{whose}{did_you_mean(str(place[-1]), known)}"
        else:
            value = problem["input"]
            words = problem["msg"].removeprefix("Value error, ")
            if problem["type"] == "list_type" and isinstance(value, dict):
                words = f"there may be several: write [[{name}]], in two brackets, before each"
            said = f"{origin}: {name}{whose}: {words}"
            if problem["type"] in _OF_NAMES and isinstance(value, str) and len(value) <= LONGEST_NAME:
                near = nearest(value, re.findall("'([^']*)'", problem["msg"]))
                said += f", not {value!r}" + (f": did you mean {near!r}?" if near else "")
        found.append((0 if variable else number or math.inf, said))
    return "\n".join(said for _, said in sorted(found, key=lambda one: one[0]))


def in_file(file: Path | None, error: ConfigurationError) -> ConfigurationError:
    """The same error with the file's name, and the line of the entry that it is about; several in order of their
    lines, those of the environment before them."""
    there = None if file is None else Lines(file.read_text("utf-8-sig"))
    found: list[tuple[float, str]] = []
    for one in error.errors if isinstance(error, ConfigurationErrors) else [error]:
        if variable := _variable_of(one.place):
            found.append((0, f"the environment variable {variable}: {one}"))
        elif there is None:
            found.append((0, f"the environment: {one}"))
        else:
            number = there.line_of(one.place) if one.place else None
            found.append((number or math.inf, f"{file}{_line(number)}: {one}"))
    return ConfigurationError("\n".join(said for _, said in sorted(found, key=lambda one: one[0])))


def did_you_mean(word: str, known: set[str]) -> str:
    near = nearest(word, known)
    return f"; known are {', '.join(sorted(known))}" if near is None else f"; did you mean {near}?"


def _variable_of(place: Place) -> str:
    """The environment variable that gives a place, by itself or in the JSON of a list or table; "" for none."""
    for size in range(len(place), 0, -1):
        name = PREFIX + "__".join(map(str, place[:size])).upper()
        if name in os.environ and (size == len(place) or _is_in(os.environ[name], place[size:])):
            return name
    return ""


def _is_in(given: str, place: Place) -> bool:
    try:
        inner = json.loads(given)
        for part in place:
            inner = inner[part]
    except (ValueError, LookupError, TypeError):
        return False
    return True


def _line(number: int | None) -> str:
    return "" if number is None else f", line {number}"


_USER = re.compile(r"(?<=//)[^/?#]*@")  # of an address, and their password
_CALLED = {"feeds": ("url",), "subscribers": ("name",), "targets": ("label",), "subscriptions": ("subscriber", "name")}


def _whose(place: tuple[int | str, ...], content: Any) -> str:
    """Whose entry of a list a place such as ("subscribers", 0, "targets", 1, "kind") is in, as people call it."""
    names, last = [], ""
    for part in place:
        try:
            content = content[part]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(part, int) and isinstance(content, dict):
            called = [content[key] for key in _CALLED.get(last, ()) if isinstance(content.get(key), str)]
            names += [_USER.sub("…@", name) for name in called]
        last = str(part)
    return f" ({'/'.join(names)})" if names else ""


def fields_at(root: type[BaseModel], place: tuple[int | str, ...]) -> set[str]:
    """The keys that are right at a place such as ("feeds", 3)."""
    model = root
    for part in place:
        if isinstance(part, str) and part in model.model_fields:
            annotation = model.model_fields[part].annotation
            inner = getattr(annotation, "__args__", (annotation,))[0]
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                model = inner
    return set(model.model_fields)
