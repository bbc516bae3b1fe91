"""One request a host at a time, with a pause between."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from sectorwatch.net.politeness import HostGate


class Time:
    """Seconds that pass only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)
        self.now += seconds


def gate(time: Time, gap: float = 1.0) -> HostGate:
    return HostGate(gap=gap, now=time, sleep=time.sleep)


def test_requests_to_one_host_start_a_gap_apart() -> None:
    """The first starts at once, each further one a gap after the start of the one before."""

    async def scene() -> list[float]:
        time, starts = Time(), []
        turns = gate(time)

        async def visit() -> None:
            async with turns.turn("a"):
                starts.append(time.now)

        await asyncio.gather(*(visit() for _ in range(3)))
        return starts

    assert asyncio.run(scene()) == [100.0, 101.0, 102.0]


def test_the_gap_counts_from_when_a_request_is_sent() -> None:
    """One that was held up on its way, by a connection or a busy machine, does not bring the next one closer."""

    async def scene() -> float:
        time = Time()
        turns = gate(time)
        async with turns.turn("a") as sent:
            await time.sleep(0.75)
            sent()
        async with turns.turn("a"):
            return time.now

    assert asyncio.run(scene()) == 101.75


def test_a_host_has_one_request_at_a_time() -> None:
    """A slow answer holds back the next request, which then need not wait longer."""

    async def scene() -> tuple[int, list[float]]:
        time, inside, most, starts = Time(), 0, 0, []
        turns = gate(time)

        async def visit() -> None:
            nonlocal inside, most
            async with turns.turn("a"):
                starts.append(time.now)
                inside += 1
                most = max(most, inside)
                await time.sleep(5)
                inside -= 1

        await asyncio.gather(visit(), visit())
        return most, starts

    assert asyncio.run(scene()) == (1, [100.0, 105.0])


def test_hosts_do_not_wait_for_one_another() -> None:
    """While one host is busy for ever, another one gets its turn."""

    async def scene() -> None:
        turns = gate(Time())
        async with turns.turn("slow"), asyncio.timeout(5), turns.turn("quick"):
            pass

    asyncio.run(scene())


def test_a_longer_pause_counts_from_the_last_request() -> None:
    """A Crawl-delay learnt from robots.txt applies to the very next request; a shorter one than ours does not."""

    async def scene() -> list[float]:
        time, starts = Time(), []
        turns = gate(time)
        for asked in (10.0, 0.2, 0.2):
            async with turns.turn("a"):
                starts.append(time.now)
            turns.ask_for("a", asked)
        return starts

    assert asyncio.run(scene()) == [100.0, 110.0, 111.0]


def test_a_failed_or_cancelled_request_gives_its_turn_on() -> None:
    """Neither an exception inside a turn nor a cancelled wait for one blocks the host."""

    async def scene() -> None:
        turns = gate(Time())
        with suppress(RuntimeError):
            async with turns.turn("a"):
                raise RuntimeError
        async with turns.turn("a"):
            waiting = asyncio.create_task(turns.turn("a").__aenter__())
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        async with asyncio.timeout(5), turns.turn("a"):
            pass

    asyncio.run(scene())
