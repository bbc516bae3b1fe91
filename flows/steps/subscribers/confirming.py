"""Asks the owner of an address, and takes the answer. Nothing is sent to an address before its owner has said yes."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta
from uuid import uuid4

from alerts.channels import channel_of
from alerts.links import CONFIRM_WITHIN, Action, Grant, claimed
from alerts.render_confirmation import render_confirmation
from flows.steps.subscribers.readers import maker
from flows.steps.tools import Tools
from sectorwatch.domain import DeliveryKind
from sectorwatch.errors import ConfigurationError, LinkRefused
from storage.alerting import outbox
from storage.subscribers import confirmations, subscriptions
from storage.subscribers.confirmations import Asked
from storage.unit_of_work import Work

MOST = 3
WITHIN = timedelta(hours=24)
"""An address is asked so often in this time, whoever names it: nobody's mailbox is flooded through us."""

LATE = timedelta(days=30)
"""So long after its link has expired, a question can be asked anew by whoever holds the link."""

_NOBODY = "no such target"  # a seed that no target has: 32 hexadecimal digits


class AskedTooOften(ConfigurationError):
    """The owner of this address must be left in peace for today."""


def ask(work: Work, tools: Tools, target_id: int) -> Asked:
    """Puts the question on its way. Does not commit.

    Raises ConfigurationError: no such target, confirmed already, disabled, asked too often, or no page to answer on.
    """
    now, links = tools.clock(), maker(tools)
    target = subscriptions.target(work, tools.vault, target_id)
    found = confirmations.target_to_ask(work, target_id)
    if found is None or target is None:
        raise ConfigurationError(f"there is no target {target_id}: 'sectorwatch targets list' shows their numbers")
    if found.confirmed_at is not None:
        raise ConfigurationError(f"target {target_id} is confirmed already: nobody has to be asked")
    if not found.enabled:
        raise ConfigurationError(f"target {target_id} is disabled: nothing is sent there")
    if confirmations.asked_since(work, found.seed, now - WITHIN) >= MOST:
        hours = int(WITHIN / timedelta(hours=1))
        raise AskedTooOften(f"the owner of target {target_id} was asked {MOST} times in {hours} hours: wait")
    # The microseconds make each question's link its own, so that each can be used once.
    grant = Grant(
        action=Action.CONFIRM, ids=(target_id, int(now.timestamp() * 1_000_000)), expires=now + CONFIRM_WITHIN
    )
    token = links.signer.token(grant, found.seed)
    confirmations.put(work, target_id, token, now=now, lifetime=CONFIRM_WITHIN)
    id = uuid4().hex
    message = render_confirmation(
        id=id,
        subscriber=found.subscriber,
        language=found.language,
        link=links.link(grant, found.seed),
        lifetime=CONFIRM_WITHIN,
        channel=channel_of(target.kind, target.secret.reveal()),
    )
    outbox.post(
        work, target_id=target_id, kind=DeliveryKind.CONFIRMATION, dedup_key=id, payload=asdict(message), now=now
    )
    return found


def asked(tools: Tools, token: str) -> Asked:
    """What the link of a question is about, unchanged. Raises LinkRefused."""
    with tools.store.read() as work:
        return _checked(work, tools, token)


def answer(tools: Tools, token: str) -> Asked:
    """The owner says yes: alerts go there from now on. Raises LinkRefused, also for a link that was used before."""
    now = tools.clock()
    with tools.store.write() as work:
        found = _checked(work, tools, token)
        if found.confirmed_at is None:
            if not confirmations.use(work, found.target_id, token, now=now):
                raise LinkRefused("this link has been used")
            work.commit()
            found = replace(found, confirmed_at=now)
    return found


def late(tools: Tools, token: str) -> Asked:
    """The question whose link has expired, if it is still open and not long ago. Raises LinkRefused."""
    with tools.store.read() as work:
        return _late(work, tools, token)


def ask_anew(tools: Tools, token: str) -> Asked:
    """Sends the owner a new link instead of one that has expired. Raises LinkRefused, AskedTooOften."""
    with tools.store.write() as work:
        found = ask(work, tools, _late(work, tools, token).target_id)
        work.commit()
    return found


def _late(work: Work, tools: Tools, token: str) -> Asked:
    found = _checked(work, tools, token, late=LATE)
    if found.confirmed_at is not None or not found.enabled:
        raise LinkRefused("nobody is asked any more", expired=True)
    return found


def _checked(work: Work, tools: Tools, token: str, *, late: timedelta = timedelta(0)) -> Asked:
    said = claimed(token)
    is_question = said is not None and said.action is Action.CONFIRM
    found = confirmations.target_to_ask(work, said.ids[0]) if said is not None and is_question else None
    seed = _NOBODY if found is None else found.seed
    maker(tools).signer.check(token, Action.CONFIRM, seed, now=tools.clock() - late)
    assert found is not None  # nothing is signed with that seed
    if not confirmations.known(work, found.target_id, token):
        raise LinkRefused("nobody was asked by this link")
    return found
