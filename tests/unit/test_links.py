"""Signed links: what they allow is exactly what was signed, and nobody learns why one is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.links import LEAST_KEY, Action, Grant, LinkMaker, Signer, claimed
from alerts.mail_message import compose
from sectorwatch.domain import Message, Secret
from sectorwatch.errors import ConfigurationError, LinkRefused
from sectorwatch.web.limits import RateLimit, network_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SIGNER = Signer(Secret("k" * LEAST_KEY))
GRANTS = st.builds(
    Grant,
    action=st.sampled_from(Action),
    ids=st.lists(st.integers(0, 10**18 - 1), min_size=1, max_size=3).map(tuple),
    expires=st.none() | st.integers(1, 10**6).map(lambda hours: NOW + timedelta(hours=hours)),
)


@given(grant=GRANTS, seed=st.text(min_size=1, max_size=40))
def test_what_is_signed_is_what_is_read(grant: Grant, seed: str) -> None:
    """A token gives back its grant; mail programs find its end, and a mail's header takes the longest of them."""
    token = SIGNER.token(grant, seed)
    assert claimed(token) == SIGNER.check(token, grant.action, seed, now=NOW) == grant
    assert token.isascii()
    assert token[-1].isalnum()
    link = LinkMaker(signer=SIGNER, public_url="https://watch.test/news/").link(grant, seed)
    assert link.startswith(f"https://watch.test/news/{grant.action}/1.")
    message = Message(id="a", title="b", text="c", html=None, unsubscribe=link)
    assert compose(message, sender="a@b.test", recipient="c@d.test", date=NOW)["List-Unsubscribe"] == f"<{link}>"


@given(grant=GRANTS, at=st.integers(0, 200), character=st.characters())
def test_a_changed_token_is_refused(grant: Grant, at: int, character: str) -> None:
    """Whatever character is put in another one's place, or added, the token is not ours any more."""
    token = SIGNER.token(grant, "seed")
    changed = token[:at] + character + token[at + 1 :]
    if changed != token:
        with pytest.raises(LinkRefused) as caught:
            SIGNER.check(changed, grant.action, "seed", now=NOW)
        assert (str(caught.value), caught.value.expired) == ("this link is not valid (any more)", False)


def test_a_token_is_for_one_act_one_seed_and_one_key_and_for_its_time() -> None:
    """Only a genuine token is told that its time is over; a wrong one that is over too is merely wrong."""
    grant = Grant(action=Action.PAUSE, ids=(7,), expires=NOW + timedelta(days=1))
    token, late = SIGNER.token(grant, "seed"), NOW + timedelta(days=1)
    wrong = [
        (SIGNER, Action.CHANGE, "seed"),
        (SIGNER, Action.PAUSE, "other"),
        (SIGNER, Action.PAUSE, ""),
        (Signer(Secret("K" * LEAST_KEY)), Action.PAUSE, "seed"),
    ]
    for signer, action, seed in wrong:
        with pytest.raises(LinkRefused) as caught:
            signer.check(token, action, seed, now=late)
        assert not caught.value.expired
    with pytest.raises(LinkRefused) as caught:
        SIGNER.check(token, Action.PAUSE, "seed", now=late)
    assert caught.value.expired
    assert SIGNER.check(token, Action.PAUSE, "seed", now=late - timedelta(seconds=1)) == grant


def test_links_of_former_keys_work_as_long_as_those_are_given() -> None:
    """Signed is with the first key only; any of them may have signed what is checked."""
    grant = Grant(action=Action.PAUSE, ids=(7,))
    token, other = SIGNER.token(grant, "seed"), Secret("o" * LEAST_KEY)
    both = Signer(other, Secret("k" * LEAST_KEY))
    assert both.check(token, Action.PAUSE, "seed", now=NOW) == grant
    assert both.token(grant, "seed") == Signer(other).token(grant, "seed") != token
    with pytest.raises(LinkRefused):
        Signer(other).check(token, Action.PAUSE, "seed", now=NOW)
    with pytest.raises(ConfigurationError):
        Signer(other, Secret("hunter2"))


def test_a_short_key_is_refused_without_being_shown() -> None:
    """A key that could be guessed would let anybody unsubscribe anybody."""
    with pytest.raises(ConfigurationError, match="32 characters") as caught:
        Signer(Secret("hunter2"))
    assert "hunter2" not in str(caught.value)


def test_a_client_is_an_address_or_a_customer_s_network() -> None:
    """Nobody gets round the limit with the many addresses of one IPv6 line, nor fills our memory with clients."""
    assert network_of("2001:db8:1:2:3::4") == network_of("2001:db8:1:2::") != network_of("2001:db8:1:3::")
    assert network_of("::ffff:192.0.2.1") == "192.0.2.1"
    time = [0.0]
    limit = RateLimit(lambda: time[0], burst=2, rate=0.5, clients=3)
    assert [limit.wait("192.0.2.1") for _ in range(3)] == [0, 0, 2]
    assert limit.wait("192.0.2.2") == 0
    time[0] = 2.0
    assert [limit.wait("192.0.2.1") for _ in range(2)] == [0, 2]
    for number in range(9):
        limit.wait(f"198.51.100.{number}")
    assert len(limit._left) == 3
