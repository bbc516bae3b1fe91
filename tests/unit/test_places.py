"""The table of Ukrainian settlement names: made from the codifier, and asked by form."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from extractors.gazetteer import places
from extractors.gazetteer.places import Namesakes, Settlements, read_table, settlements, write_table

CODIFIER = """\
Перший рівень;Другий рівень;Третій рівень;Четвертий рівень;Додатковий рівень;Категорія об’єкта;Назва об’єкта
UA63000000000041885;;;;;O;Харківська
UA63000000000041885;UA63080000000000001;;;;P;Куп’янський
UA63000000000041885;UA63080000000000001;UA63080010000000001;UA63080010010000001;;C;Новопавлівка
UA63000000000041885;UA63080000000000001;UA63080010000000001;UA63080010010000002;;C;Новопавлівка
UA14000000000091971;UA14080000000000001;UA14080010000000001;UA14080010010000001;;X; Новопавлівка
UA14000000000091971;UA14080000000000001;UA14080010000000001;UA14080010010000001;;B;Центральний
UA80000000000093317;;;;;K;Київ
"""


def test_a_table_counts_the_settlements_of_each_name_by_oblast() -> None:
    """Cities, settlements and villages count, and Kyiv; oblasts, raions and city districts do not."""
    assert read_table(write_table(CODIFIER)) == [
        Namesakes("Київ", {"Kyiv": 1}),
        Namesakes("Новопавлівка", {"Kharkiv": 2, "Donetsk": 1}),
    ]


def test_the_shipped_table_knows_the_country() -> None:
    """It holds the names of some thirty thousand settlements in under 600 KB, and every oblast by a known id."""
    from extractors.gazetteer.lexicon import oblasts

    rows = read_table(places.TABLE.read_text("utf-8"))

    assert places.TABLE.stat().st_size < 600_000
    assert 29_000 < sum(row.count for row in rows) < 31_000
    assert {oblast for row in rows for oblast in row.oblasts} <= set(oblasts().values())


@pytest.mark.parametrize("written", ["Новопавлівка", "НОВОПАВЛІВКА", "Novopavlivka"])
def test_a_name_is_found_however_it_is_written(written: str) -> None:
    """Capitals and the alphabet make no difference."""
    found = settlements().named(written)

    assert found is not None
    assert (found.name, found.count > 20) == ("Новопавлівка", True)


def test_a_case_form_is_traced_to_the_settlement() -> None:
    """What is written so in some case is found: сумах are Суми."""
    known = Settlements([Namesakes("Суми", {"Sumy": 1}), Namesakes("М’ясожарівка", {"Luhansk": 1})])

    found = known.sharing(["сумах", "м'ясожарівці", "куп'янську"])

    assert {form: [one.name for one in these] for form, these in found.items()} == {
        "сумах": ["Суми"],
        "м'ясожарівці": ["М’ясожарівка"],
    }


def test_the_table_is_made_by_one_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The codifier may be gzipped; a file that is none is refused and the table kept."""
    source, table = tmp_path / "codifier.csv.gz", tmp_path / "places.tsv"
    source.write_bytes(gzip.compress(CODIFIER.encode()))
    monkeypatch.setattr(places, "TABLE", table)

    assert places.main([str(source)]) == 0
    assert len(read_table(table.read_text("utf-8"))) == 2
    source.write_text("something else", "utf-8")
    assert places.main([str(source)]) == 1
    assert places.main([]) == 2
    assert len(read_table(table.read_text("utf-8"))) == 2


def test_detection_does_without_the_table() -> None:
    """Reading an article never loads it: it is for checking a new sector only."""
    loads = (
        "import sys, extractors.detection.mentions, extractors.gazetteer; "
        "sys.exit('extractors.gazetteer.places' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", loads], cwd=Path(__file__).parents[2], check=False).returncode == 0
