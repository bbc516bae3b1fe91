"""A broken configuration is said in one line: what, where, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from sectorwatch.config_file import find_file
from sectorwatch.errors import ConfigurationError
from sectorwatch.settings import load, own_sectors
from sectorwatch.settings.references import resolve_secret


def write(folder: Path, text: str) -> Path:
    path = folder / "sectorwatch.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_defaults_are_complete() -> None:
    """Nothing must be set."""
    assert load().store.url.startswith("sqlite:///")


def test_the_shipped_file_is_valid() -> None:
    """What we ship can be applied."""
    settings = load(Path(__file__).parents[2] / "sectorwatch.toml")
    assert len(settings.feeds) == 35


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[stor]\nurl='x'", "did you mean store?"),
        ("[fetch]\ntimeot_s = 3", "did you mean timeout_s?"),
        ("[[feeds]]\nurl='https://a.test/'\nlangage='uk'", "did you mean language?"),
        ("[[feeds]]\nurl='ftp://a.test/'", "feeds.0.url"),
        ("[[subscribers]]\nname='x'\nzone='Europe/Kiiv'", "subscribers.0.zone (x): 'Europe/Kiiv' is no time zone"),
        (
            "[[subscribers]]\nname='Olena'\n[[subscribers.targets]]\nlabel='post'\nkind='mail'\nto='a@b.test'",
            "subscribers.0.targets.0.kind (Olena/post): Input should be 'email', 'webhook' or 'apprise', not 'mail':"
            " did you mean 'email'?",
        ),
        ("[[subscriptions]]\nsubscriber='Olena'\nsides=['russia']", "(Olena): Input should be"),
        ("[[subscriptions]]\nsubscriber='Olena'\nsides=['russia']", "not 'russia'"),
        ("[[subscribers]]\nname='Olena'\nzon='UTC'", "unknown key 'subscribers.0.zon' (Olena); did you mean zone?"),
        ("[fetch]\nconnections = 'many'", "fetch.connections"),
        ("[fetch]\nallow_networks = ['127.0.0.1/8']", "fetch.allow_networks"),
        ("[store\nurl=1", "not valid TOML"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, said: str) -> None:
    """The file, the key and the cure are in the message."""
    path = write(tmp_path, text)
    with pytest.raises(ConfigurationError) as caught:
        load(path)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_wrong_value_is_not_repeated(tmp_path: Path) -> None:
    """It might be a secret."""
    target = "[[subscribers]]\nname='x'\ntargets=[{label='y', kind='apprise', to=['hunter2']}]"
    for text in ("[mail]\npassword = ['hunter2']", target):
        with pytest.raises(ConfigurationError) as caught:
            load(write(tmp_path, text))
        assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("smtp://relay.example.org", 'write the name alone: "relay.example.org"'),
        ("smtps://me:S3CRET@relay.example.org:465/", 'write the name alone: "relay.example.org", and mail.port = 465'),
        ("relay.example.org:587", 'write the name alone: "relay.example.org", and mail.port = 587'),
        ("the relay", "write the name of a machine, such as smtp.example.org"),
        ("smtp://", "write the name of a machine, such as smtp.example.org"),
    ],
)
def test_a_relay_is_a_machine_and_no_address(tmp_path: Path, given: str, said: str) -> None:
    """A URL where a host is wanted is refused with its line, and the name that is in it."""
    with pytest.raises(ConfigurationError) as caught:
        load(write(tmp_path, f'[mail]\nport = 25\nhost = "{given}"\n'))
    assert f"line 3: mail.host: {said}" in str(caught.value)
    assert "S3CRET" not in str(caught.value)


@pytest.mark.parametrize("given", ["", "localhost", "mail_relay", "192.0.2.1", "2001:db8::1", "::", "пошта.укр"])
def test_names_and_addresses_of_machines_are_taken(tmp_path: Path, given: str) -> None:
    """Of a relay, and of what the pages listen on."""
    settings = load(write(tmp_path, f'[mail]\nhost = "{given}"\n[web]\nhost = "{given}"\n'))
    assert (settings.mail.host, settings.web.host) == (given, given)


def test_mistakes_come_in_the_order_of_the_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever mends a file goes through it from its beginning; what the environment gives comes before it."""
    monkeypatch.setenv("SECTORWATCH_WEB__PORT", "0")
    feeds, web, poll, mail = '[[feeds]]\nurl="a"', '[web]\nzone="Kyiv"', "[poll]\nbatch=0", "[mail]\nport=0"
    text = "\n".join(['public_ur="x"', feeds, web, poll, mail, "[read]\nin=1"])
    with pytest.raises(ConfigurationError) as caught:
        load(write(tmp_path, text))
    first, *said = str(caught.value).splitlines()
    assert first.startswith("the environment variable SECTORWATCH_WEB__PORT: web.port:")
    assert [line.partition(": ")[0].rpartition(" ")[2] for line in said] == ["1", "3", "5", "7", "9", "11"]


def test_the_environment_overrides_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One key can be changed without touching the others beside it."""
    path = write(tmp_path, "[fetch]\ntimeout_s = 3\nconnections = 7")
    monkeypatch.setenv("SECTORWATCH_FETCH__TIMEOUT_S", "9")
    assert (load(path).fetch.timeout_s, load(path).fetch.connections) == (9, 7)


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [("SECTORWATCH_STOR__URL", "SECTORWATCH_STORE"), ("SECTORWATCH_STORE_URL", "SECTORWATCH_STORE__URL")],
)
def test_an_unknown_variable_is_an_error(wrong: str, meant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A typing mistake in the environment cannot go unnoticed either."""
    monkeypatch.setenv(wrong, "x")
    with pytest.raises(ConfigurationError, match=f"did you mean {meant}\\?"):
        load()


def test_paths_count_from_the_file(tmp_path: Path) -> None:
    """A worker may be started anywhere."""
    path = write(tmp_path, "sector_files=['own.toml']\n[store]\nurl='sqlite:///data/x.db'")
    settings = load(path)
    assert settings.store.url == f"sqlite:///{tmp_path}/data/x.db"
    with pytest.raises(ConfigurationError, match=r"own\.toml cannot be read"):
        own_sectors(settings)


def test_a_missing_file_is_said_to_be_missing() -> None:
    """Naming a file that is not there is an error, not a silent default."""
    with pytest.raises(ConfigurationError, match="no such configuration file"):
        find_file("/nowhere/sectorwatch.toml")


def test_secrets_come_from_where_they_are_referred_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """env:NAME and file:/path are resolved; anything else stands for itself, and nothing shows it."""
    monkeypatch.setenv("TOKEN", "s3cret")
    (tmp_path / "key").write_text("from-file\n", "utf-8")
    assert resolve_secret("env:TOKEN").reveal() == "s3cret"
    assert resolve_secret(f"file:{tmp_path / 'key'}").reveal() == "from-file"
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00HUSH")
    with pytest.raises(ConfigurationError, match="binary, to which the key refers, is no text in UTF-8"):
        resolve_secret(f"file:{tmp_path / 'binary'}", "the key")
    assert resolve_secret("tgram://a/b").reveal() == "tgram://a/b"
    assert "s3cret" not in f"{resolve_secret('env:TOKEN')!r} {resolve_secret('env:TOKEN')}"
    with pytest.raises(ConfigurationError, match="NOWHERE is not set"):
        resolve_secret("env:NOWHERE")


def test_secret_files_count_from_the_folder_of_the_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As all its paths do, wherever the command is called; other words and addresses stay as they are."""
    (tmp_path / "key").write_text("kept here", "utf-8")
    file = tmp_path / "sectorwatch.toml"
    file.write_text(
        """
[mail]
password = "file:key"
[[feeds]]
url = "https://example.org/file:key"
[[subscribers]]
name = "Desk"
targets = [
    { label = "hook", kind = "webhook", to = "file:sub/../key", signing_secret = "file:/etc/absolute" },
    { label = "other", kind = "webhook", to = "env:HOOK" },
]
""",
        "utf-8",
    )
    monkeypatch.chdir("/")

    settings = load(file)

    hook, other = settings.subscribers[0].targets
    assert resolve_secret(settings.mail.password).reveal() == "kept here"
    assert (hook.to, hook.signing_secret, other.to) == (f"file:{tmp_path}/sub/../key", "file:/etc/absolute", "env:HOOK")
    assert settings.feeds[0].url == "https://example.org/file:key"
