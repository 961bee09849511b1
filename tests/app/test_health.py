"""What whoever watches over the installation is told: alive, ready, figures; and one id through the log."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import httpx2
import pytest
import structlog
from httpx2 import ASGITransport, AsyncClient
from pydantic import SecretStr
from starlette.applications import Starlette

from adapters.fake.gateway import FakeGateway
from adapters.pages.health import routes
from adapters.pages.metrics import PrometheusMetrics
from bot.bootstrap import build
from bot.config import Settings
from bot.errors import PermanentError
from bot.health import SILENCE, Health
from tests.app.operator import running
from tests.sample import sample_chat


def get(url: str) -> tuple[int, str]:
    answer = httpx2.get(url, timeout=20)
    return answer.status_code, answer.text


def post(address: str, path: str, **values: str) -> None:
    headers = {"Origin": address, "X-Requested-With": "fetch"}
    assert httpx2.post(address + path, data=values, headers=headers, timeout=20).status_code == 204


def figure(text: str, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    assert found, name
    return float(found[1])


def test_a_running_assistant_is_alive_ready_and_counted_and_one_id_leads_through_its_log(tmp_path):
    log = tmp_path / "log"
    with running(tmp_path / "data", log, LOG_FORMAT="json") as address:
        assert get(f"{address}/healthz") == (200, '{"assistant":"connections","alive":true}')
        status, parts = get(f"{address}/readyz")
        assert (status, json.loads(parts)) == (
            200,
            {"ready": True, "database": "ok", "scheduler": "ok", "tryit": "ok"},
        )
        post(address, "/chat/say?as=s11&channel=direct", text="where can I learn to juggle chainsaws", post="p1")
        post(address, "/chat/clock?as=s11&channel=direct", move="hour")
        status, figures = get(f"{address}/metrics")
    assert status == 200
    assert figure(figures, "connections_database_up") == 1
    assert figure(figures, 'connections_due_work_open{state="uncertain"}') == 0
    name = 'connections_inbound_total{command="resources.ask",kind="said",outcome="done"}'
    assert figure(figures, name) == 1
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["command"] for line in lines if line["event"] == "handled"] == ["resources.ask"]
    assert "chainsaws" not in log.read_text() + figures


async def test_one_id_leads_from_what_was_pressed_to_what_was_sent(database_url):
    async with sample_chat(database_url) as chat:
        shown = [structlog.contextvars.merge_contextvars]
        with structlog.testing.capture_logs(processors=shown) as logs:
            await chat.join("s16")
            await chat.say("s16", "help")
    joined = next(line for line in logs if line.get("kind") == "joined")
    sent = {line["kind"]: line["cause"] for line in logs if line["event"] == "work done"}
    assert sent["members.welcome"] == joined["inbound"]


async def test_work_that_work_has_planned_has_the_same_cause(sqlite_url):
    async with sample_chat(sqlite_url) as chat:
        chat.gateway.faults.fail_next(PermanentError("blocked"))
        await chat.join("s16")
        async with chat.uow_factory() as uow:
            rows = [await uow.work.get(number) for number in range(1, 40)]
    causes = {row.cause for row in rows if row and row.kind in ("members.welcome", "deliveries.failed")}
    kinds = [row.kind for row in rows if row and row.cause]
    assert causes == {"event-1"}
    assert kinds.count("deliveries.failed") >= 1


@pytest.fixture
async def watched(tmp_path):
    """The three routes over an assistant, with a platform and a scheduler to be broken."""
    async with build(Settings(data_dir=tmp_path, database_url=SecretStr(""))) as app:
        gateway, silent = FakeGateway("fake"), [0.0]
        services = replace(app.services, gateways={"fake": gateway})
        site = Starlette(routes=routes(Health(app.uow_factory, services, lambda: silent[0])))
        async with AsyncClient(transport=ASGITransport(site), base_url="http://127.0.0.1") as client:
            yield client, gateway, silent
        gateway.close()


async def test_it_is_not_ready_while_a_platform_is_away_and_ready_again_after(watched):
    client, gateway, _silent = watched
    gateway.faults.down = True
    away = await client.get("/readyz")
    assert (away.status_code, away.json()["ready"], away.json()["fake"]) == (503, False, "not connected")
    assert (await client.get("/healthz")).status_code == 200
    gateway.faults.down = False
    assert (await client.get("/readyz")).status_code == 200


async def test_it_is_not_ready_when_the_scheduler_is_silent(watched):
    client, _gateway, silent = watched
    silent[0] = SILENCE
    assert (await client.get("/readyz")).status_code == 200
    silent[0] = SILENCE + 1
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["scheduler"]) == (503, "silent for 11 seconds")


async def test_a_database_that_does_not_answer_is_said_so_in_both(postgres_server, tmp_path):
    name = postgres_server.create_database()
    settings = Settings(data_dir=tmp_path, database_url=SecretStr(postgres_server.url(name)))
    async with build(settings) as app:
        health = Health(app.uow_factory, app.services, lambda: 0.0)
        assert (await health.parts())["database"] == "ok"
        postgres_server.drop_database(name)
        assert (await health.parts())["database"] == "does not answer"
        figures = (await health.figures()).decode()
    assert figure(figures, "connections_database_up") == 0


async def test_figures_count_what_was_done_and_what_is_late(database_url):
    metrics = PrometheusMetrics()
    async with sample_chat(database_url, metrics=metrics) as chat:
        await chat.join("s16")
        await chat.say("s02", "move heaven and earth, my name is Zebedee", settle=False)
        await chat.join("s17")
        async with chat.uow_factory() as uow:
            now = chat.services.clock.now()
            figures = metrics.exposition(await uow.work.backlog(now), now).decode()
    assert figure(figures, 'connections_due_work_total{kind="members.welcome",outcome="done"}') == 2
    assert figure(figures, 'connections_due_work_late_seconds_bucket{kind="members.welcome",le="60.0"}') == 2
    assert figure(figures, 'connections_inbound_total{command="",kind="joined",outcome="joined"}') == 2
    assert figure(figures, "connections_due_work_overdue_seconds") == 0
    assert "Zebedee" not in figures
    assert "s16" not in figures
