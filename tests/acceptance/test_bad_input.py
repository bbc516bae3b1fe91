"""Bad input is survived from the start: a clear word, the right exit code, and the rest goes on."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.sampling import COMMAND


def sectorwatch(
    *arguments: str | Path, folder: Path, given: bytes = b"", timeout: float = 60
) -> subprocess.CompletedProcess[bytes]:
    """Runs the command in a folder of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SECTORWATCH_")}
    return subprocess.run(
        [COMMAND, *arguments],
        cwd=folder,
        input=given,
        capture_output=True,
        timeout=timeout,
        check=False,
        env=environment,
    )


def lines(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[stor]\nurl='x'", "did you mean store"),
        ("not toml at all", "not valid TOML"),
        ("[store]\nurl='mysql://x'", "sqlite:/// or postgresql://"),
        ("sector_files=['none.toml']", "cannot be read"),
        ("[[subscriptions]]\nsubscriber='nobody'", "not among the subscribers"),
        (
            "[[subscribers]]\nname='a'\n[[subscriptions]]\nsubscriber='a'\nsectors=['kupyansk']",
            "toml, line 5: subscription a/default names the unknown sector 'kupyansk': did you mean 'kupiansk'?",
        ),
        (
            "[[subscribers]]\nname='Olena'\n[[subscriptions]]\nsubscriber='Olna'",
            "toml, line 4: subscription Olna/default: 'Olna' is not among the subscribers; did you mean 'Olena'?",
        ),
        (
            "[[feeds]]\nurl='https://a.test/f'\n[[feeds]]\nurl='https://a.test/f'",
            "line 4: feed 'https://a.test/f' is listed",
        ),
        ("[[subscribers]]\nname='a'\n[[subscribers]]\nname='a'", "line 4: subscriber 'a' is listed twice: keep one"),
        (
            "[[subscribers]]\nname='a'\ntargets=[\n{label='x',kind='email',to='a@b.test'},\n{label='x',kind='email',to='c'}]",
            "line 5: target 'a/x' is listed twice",
        ),
        (
            "[[subscribers]]\nname='a'\n[[subscriptions]]\nsubscriber='a'\n[[subscriptions]]\nsubscriber='a'",
            "line 5: subscription 'a/default' is listed twice",
        ),
        (
            "[[subscribers]]\nname='a'\n[[subscriptions]]\nsubscriber='a'\nlanguages=['uk-UA',\n'ru',\n'ukr']",
            "line 7: subscription a/default names the unknown language 'ukr': did you mean 'uk'?",
        ),
        (
            "[[subscribers]]\nname='a'\n[[subscribers]]\nname='b'\nwas='a'",
            "line 5: subscriber 'b' cannot be who 'a' was, who is there still: take out was",
        ),
        (
            "[[subscribers]]\nname='a'\nwas='c'\n[[subscribers]]\nname='b'\nwas='c'",
            "line 6: former name 'c' is listed twice: keep one",
        ),
        ("[[subscribers]]\nname='operators'", "line 2: no subscriber can be called 'operators'"),
        (
            "[[subscribers]]\nname='a'\n\n[[subscriptions]]\nsubscriber='a'\nplaces=[\n'kupiansk',\n'oskl']",
            "line 8: subscription a/default names the unknown place 'oskl'",
        ),
        (
            "[[subscribers]]\nname='a'\n[[subscriptions]]\nsubscriber='a'\ncritical={sectors=['x']}\ntargets=['y']",
            "line 5: subscription a/default names the unknown sector 'x'",
        ),
        (
            "[[subscribers]]\nname='a'\ntargets=[{label='x',kind='email',to='env:NO_SUCH'}]",
            "NO_SUCH is not set, and the address of target a/x refers to it",
        ),
        (
            "[[subscribers]]\nname='a'\ntargets=[\n{label='x',kind='email',to='a@b.test'},\n{label='y',kind='email',to='c'}]",
            "line 5: the address of target a/y is not one e-mail address",
        ),
        ("[operators]\ntargets=[{label='x',kind='webhook',to='hooks.test/x'}]", "target operators/x is no web address"),
        (
            "[[subscribers]]\nname='a'\ntargets=[{label='x',kind='webhook',to='https://x.test',signing_secret='hello'}]",
            "the signing_secret of target a/x is no Standard Webhooks key",
        ),
        (
            "[operators]\ntargets=[\n{label='x',kind='apprise',to='tgrm://T0KEN/CHAT'}]",
            "line 3: the address of target operators/x begins with the name of no service that Apprise knows: did you"
            " mean tgram://?",
        ),
        (
            "[operators]\ntargets=[{label='x',kind='apprise',to='slack://T0KEN'}]",
            "target operators/x is none that Apprise takes for Slack: see https://appriseit.com/services/slack/",
        ),
        (
            "[operators]\ntargets=[{label='x',kind='apprise',to='https://hooks.test/x'}]",
            "is of no service that Apprise knows: for a webhook write kind = ",
        ),
        ("[mail]\nsender='nobody'", "line 2: mail.sender is not one e-mail address"),
        (
            "[operators]\nheartbeat_url='beat.test/T0KEN'",
            "line 2: operators.heartbeat_url is no web address: one begins",
        ),
        ("[web]\nlink_key='short'", "line 2: web.link_key is too short: it needs 32 characters at least"),
        ("[alerts]\ngap_s={telegramm=2}", "line 2: alerts.gap_s: there is no channel 'telegramm'; did you mean"),
        ("[fetch.hosts]\n'a.test'='nowhere'", "line 2: fetch.hosts: a.test must be mapped to address:port"),
        ("sector_files=[\n'x.toml']", "line 2: the sector file "),
        ("[feeds]\nurl='https://a.test'", "line 1: feeds: there may be several: write [[feeds]], in two brackets"),
        ("[fetch]\nallow_networks=['10.0.0.1/8']", "'10.0.0.1/8' is no network: did you mean 10.0.0.0/8?"),
        ("[alerts]\nntfy_hosts=['https://ntfy.test/']", "'https://ntfy.test/' is no host: write its name"),
        ("[mail]\nhost='smtp://relay.test'", 'line 2: mail.host: write the name alone: "relay.test"'),
        (
            "[[feeds]]\nurl='news.test/rss'",
            "line 2: feeds.0.url (news.test/rss): write the whole address, with http://",
        ),
        ("[[feeds]]\nurl='http://[::1/rss'", "this is no web address"),
        ("[[feeds]]\nurl='http://news.test:99999/rss'", "this is no web address"),
        (
            "[[feeds]]\nurl='http://me:secret@news.test/rss'",
            "line 2: feeds.0.url (http://…@news.test/rss): it names a user",
        ),
        (
            "[[feeds]]\nurl='https://a.test'\nlanguage='ukrainian'",
            "write the code of the language (ISO 639-1), such as uk",
        ),
        (
            "[[feeds]]\nurl='https://a.test'\nlanguage='ukr'",
            "line 3: feeds.0.language (https://a.test): write the code of the language (ISO 639-1), such as uk",
        ),
        ("[store]\nkeys=[\n'short']", "line 3: store.keys: a key must be 32 url-safe base64 bytes"),
        ("[store]\nkeys=['env:NO_SUCH']", "line 2: the environment variable NO_SUCH is not set, and store.keys refers"),
    ],
)
def test_a_broken_configuration_is_refused_with_the_cure(toml: str, said: str, tmp_path: Path) -> None:
    """Exit code 2, one line that names file and key, no traceback, and nothing half applied."""
    (tmp_path / "sectorwatch.toml").write_text(toml, "utf-8")
    done = sectorwatch("apply", folder=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_all_mistakes_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    """Those that its keys and values show at sight, then those of what it lists: in the order of the lines."""
    at_sight = "[alerts]\ngap_s={telegramm=2}\nfeed_cpa=3\n[[feeds]]\nurl='https://a.test'\nlanguage='ukr'\n"
    (tmp_path / "sectorwatch.toml").write_text(at_sight, "utf-8")
    told = [line.partition(", line ")[2] for line in sectorwatch("apply", folder=tmp_path).stderr.decode().splitlines()]
    assert [line[:20] for line in told] == ["2: alerts.gap_s: the", "3: unknown key 'aler", "6: feeds.0.language "]

    listed = (
        "[store]\nkeys=['short']\n[mail]\nsender='nobody'\n[[subscribers]]\nname='a'\n[[subscribers]]\nname='a'\n"
        "targets=[{label='x',kind='email',to='env:NO_SUCH'},\n{label='y',kind='webhook',to='nowhere'}]\n"
        "[[subscriptions]]\nsubscriber='a'\nsectors=['kupyansk',\n'lymann']\n[[subscriptions]]\nsubscriber='b'\n"
    )
    (tmp_path / "sectorwatch.toml").write_text(listed, "utf-8")
    done = sectorwatch("apply", folder=tmp_path)
    told = [line.partition(", line ")[2] for line in done.stderr.decode().splitlines()]
    assert (done.returncode, [int(line.partition(":")[0]) for line in told]) == (2, [2, 4, 8, 9, 10, 13, 14, 16])


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("secret", "line 2: the operators' password can be guessed: take 12 characters at least, by chance"),
        ("env:NO_SUCH", "line 2: the environment variable NO_SUCH is not set, and web.admin_password refers to it"),
        ("file:empty", "/empty, to which web.admin_password refers, is empty: the web pages do not start without it"),
        ("correct horse battery", ""),
    ],
)
def test_a_weak_password_is_warned_of(password: str, said: str, tmp_path: Path) -> None:
    """With the line of the file; what else the file says is applied."""
    (tmp_path / "empty").write_text("\n", "utf-8")
    (tmp_path / "sectorwatch.toml").write_text(f"[web]\nadmin_password='{password}'\n", "utf-8")
    done = sectorwatch("apply", folder=tmp_path)
    assert done.returncode == 0
    assert said in done.stderr.decode()
    assert (b"warning: " in done.stderr) == bool(said)


def test_a_file_that_begins_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    """As Windows' editor saves it; also a sector's file and a secret's."""
    mark = "\ufeff"
    (tmp_path / "north.toml").write_text(mark + 'id = "north"\nnames = ["Norrhamn"]\n', "utf-8")
    (tmp_path / "address").write_text(mark + "a@b.test\n", "utf-8")
    (tmp_path / "sectorwatch.toml").write_text(
        mark + "sector_files=['north.toml']\n[[subscribers]]\nname='a'\n"
        "targets=[{label='x',kind='email',to='file:address'}]\n",
        "utf-8",
    )
    done = sectorwatch("apply", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert b"+ sector north\n" in done.stdout


def test_ten_megabytes_are_read(tmp_path: Path) -> None:
    """A huge text takes seconds, and its last sentence is found like its first."""
    filler = "The committee met on Tuesday and adjourned without a vote on the budget. " * 140_000
    text = f"Fighting went on near Kupiansk, officials said. {filler}Shelling hit Kupiansk again at night."
    done = sectorwatch("detect", "--json", folder=tmp_path, given=text.encode(), timeout=100)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [mention["sector"] for mention in found["mentions"]] == ["kupiansk", "kupiansk"]
    assert all(text[mention["start"] : mention["end"]] == mention["surface"] for mention in found["mentions"])


@pytest.mark.parametrize("given", [b"", b"\x00\xff\xfe", b"\n\n\n", "\u0301\u0301".encode(), b"\xed\xa0\x80 Kupiansk"])
def test_odd_bytes_are_no_reason_to_fail(given: bytes, tmp_path: Path) -> None:
    """Nothing, NULs, lone marks, broken UTF-8: an answer all the same."""
    done = sectorwatch("detect", "--json", folder=tmp_path, given=given)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["claims"] == []


def test_a_text_in_an_old_charset_is_read_and_said_to_be(tmp_path: Path) -> None:
    """A text saved by an old editor is no text without mentions."""
    given = "Бої біля Куп'янська тривають, повідомив Генштаб. Ворог відступив.".encode("cp1251")
    done = sectorwatch("detect", "--json", folder=tmp_path, given=given)
    assert done.returncode == 0, done.stderr
    assert [mention["sector"] for mention in json.loads(done.stdout)["mentions"]] == ["kupiansk"]
    assert b"read as cp1251" in done.stderr


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    """What, where, and what to do."""
    done = sectorwatch("detect", "nowhere.txt", folder=tmp_path)
    assert done.returncode == 2
    assert b"nowhere.txt" in done.stderr


def test_a_bad_line_does_not_stop_the_others(tmp_path: Path) -> None:
    """Each line of --jsonl is answered: the broken ones with their error, and the exit code tells."""
    given = b'{"id": 1, "text": "Kupiansk front: fighting goes on, the army said."}\nnot json\n[1]\n{"id": 4}\n'
    given += b'{"id": 5, "title": "Kupiansk", "text": ""}\n'
    done = sectorwatch("detect", "--jsonl", folder=tmp_path, given=given)
    answers = lines(done)
    assert done.returncode == 1
    assert [answer["id"] for answer in answers] == [1, None, None, 4, 5]
    assert [("error" in answer) for answer in answers] == [False, True, True, True, False]
    assert answers[0]["sectors"][0]["sector"] == "kupiansk"


@pytest.mark.parametrize("body", [b"", b"%PDF-1.7 ...", b"\x89PNG\r\n\x1a\n", b"<html><body></body></html>"])
def test_what_is_no_article_is_said_to_be_none(body: bytes, tmp_path: Path) -> None:
    """An empty page, a PDF, an image, a page without text: exit code 1 and words."""
    done = sectorwatch("extract", "--json", folder=tmp_path, given=body)
    assert done.returncode == 1
    assert done.stderr.strip()
    assert b"Traceback" not in done.stderr


def test_many_pages_at_once(tmp_path: Path) -> None:
    """extract --jsonl answers in the shape that detect takes, page by page."""
    paragraph = (
        "The bridge over the river was closed for repairs on Monday, the council of the town said in a statement. "
    )
    body = f"<body><article><p>{paragraph * 6}</p></article></body>"
    page = f"<html lang='en'><head><title>Bridge closed</title></head>{body}"
    given = "\n".join(json.dumps({"id": n, "html": html}) for n, html in enumerate([page, "", page])).encode()
    done = sectorwatch("extract", "--jsonl", folder=tmp_path, given=given)
    answers = lines(done)
    assert done.returncode == 1
    assert [("error" in answer) for answer in answers] == [False, True, False]
    said = {"url", "title", "text", "language", "published", "modified", "author", "image", "site", "method"}
    assert set(answers[0]) == {"id", *said, "refusal", "extraction"}
    assert answers[0]["language"] == "en"


def test_no_feeds_is_said_before_anything_else(tmp_path: Path) -> None:
    """A first run without a configuration says what to do."""
    done = sectorwatch("run", folder=tmp_path)
    assert done.returncode == 2
    assert b"sectorwatch apply" in done.stderr


def test_help_comes_at_once(tmp_path: Path) -> None:
    """Help needs neither Prefect nor the database: the heavy libraries are not loaded."""
    code = (
        "import sys; sys.argv = ['sectorwatch', '--help']\n"
        "from sectorwatch.cli.main import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'prefect', 'sqlalchemy', 'trafilatura', 'aiohttp', 'pydantic', 'rich'} & set(sys.modules)))"
    )
    python = COMMAND.with_name("python")
    done = subprocess.run([python, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")


def test_detect_loads_only_what_it_needs(tmp_path: Path) -> None:
    """Detecting in a text loads no Prefect, no database and no settings."""
    code = (
        "import sys; sys.argv = ['sectorwatch', 'detect', '--json']\n"
        "from sectorwatch.cli.main import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'prefect', 'sqlalchemy', 'trafilatura', 'aiohttp', 'pydantic_settings'} & set(sys.modules)))"
    )
    python = COMMAND.with_name("python")
    text = "Бої під Куп'янськом."
    done = subprocess.run([python, "-c", code], cwd=tmp_path, input=text, capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_an_output_without_cyrillic_is_no_error(encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """People see question marks there, and JSON has escapes: nothing of it is lost."""
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    told = sectorwatch("sectors", "forms", "kupiansk", folder=tmp_path)
    assert (told.returncode, told.stderr) == (0, b"")
    assert b"?????" in told.stdout

    found = sectorwatch("sectors", "show", "kupiansk", "--json", folder=tmp_path)
    assert "Куп" in json.dumps(json.loads(found.stdout.decode("ascii")), ensure_ascii=False)
