"""What monitors ask for: whether it lives, whether it can work, and how it goes."""

from __future__ import annotations

import time
from collections.abc import Callable
from ipaddress import ip_address

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from flows.steps.tools import Tools
from sectorwatch.errors import StoreError
from sectorwatch.web.metrics import CONTENT_TYPE, Metrics
from storage.running import health

UNLIMITED = frozenset({"/health", "/ready", "/metrics"})
_BY_PROXY = ("forwarded", "x-forwarded-for", "x-real-ip")


def register(app: FastAPI, tools: Tools, *, monotonic: Callable[[], float] = time.monotonic) -> None:
    """Adds /health, /ready and /metrics."""
    metrics = Metrics(tools.store, tools.clock, monotonic=monotonic)
    networks = tools.settings.web.metrics_networks

    def may_see(request: Request) -> bool:
        if request.client is None or any(name in request.headers for name in _BY_PROXY):
            return False  # who asks through the readers' proxy is a stranger
        try:
            client = ip_address(request.client.host)
        except ValueError:
            return False
        return any(client in network for network in networks)

    async def healthy(_request: Request) -> Response:
        try:
            await run_in_threadpool(health.ask, tools.store)
        except StoreError:
            return JSONResponse({"status": "the store does not answer"}, 503)
        return JSONResponse({"status": "ok"})

    async def ready(_request: Request) -> Response:
        try:
            right = await run_in_threadpool(health.of_this_release, tools.store)
        except StoreError:
            return JSONResponse({"status": "the store does not answer"}, 503)
        words = (
            "ready" if right else "the store is of another release: run 'sectorwatch db upgrade', or upgrade this one"
        )
        return JSONResponse({"status": words}, 200 if right else 503)

    async def measured(request: Request) -> Response:
        if not may_see(request):
            raise HTTPException(404)  # to strangers there is no such page
        return Response(await run_in_threadpool(metrics.text), media_type=CONTENT_TYPE)

    app.add_route("/health", healthy, ["GET", "HEAD"])
    app.add_route("/ready", ready, ["GET", "HEAD"])
    app.add_route("/metrics", measured, ["GET", "HEAD"])
