"""Putting the assistant together: the sample without a platform, an empty community with one, clear refusals."""

from __future__ import annotations

import socket
import sqlite3
from datetime import timedelta

import pytest
from pydantic import SecretStr

from bot.bootstrap import build, forget_old_events, run
from bot.config import Settings
from bot.errors import ConfigError
from schedules.clock import SampleClock, SystemClock


def settings(folder, **values) -> Settings:
    return Settings(data_dir=folder / "data", web_port=0, **values)


async def test_without_a_platform_the_sample_community_is_there(tmp_path):
    async with build(settings(tmp_path)) as app:
        assert isinstance(app.services.clock, SampleClock)
        assert app.services.clock.now().isoformat().startswith("2020-11-17T13:00")
        async with app.uow_factory() as uow:
            assert len(await uow.members.all()) == 14
            assert await uow.resources.count() >= 40
        assert app.routes


async def test_a_second_start_keeps_everything(tmp_path):
    async with build(settings(tmp_path)) as app:
        clock = app.services.clock
        assert isinstance(clock, SampleClock)
        await clock.move_to(clock.now().replace(hour=18))
    async with build(settings(tmp_path)) as app:
        assert app.services.clock.now().hour == 18
        async with app.uow_factory() as uow:
            assert len(await uow.meetings.all()) == 1


async def test_with_a_platform_the_community_is_empty_the_clock_real_and_the_page_off(tmp_path):
    async with build(settings(tmp_path)):
        pass
    async with build(settings(tmp_path, discord_token=SecretStr("token"))) as app:
        assert isinstance(app.services.clock, SystemClock)
        async with app.uow_factory() as uow:
            assert await uow.members.all() == ()
            assert await uow.rooms.all() == ()
            assert await uow.resources.count() == 0
        assert app.routes == ()


async def test_a_real_community_is_never_mixed_with_the_sample(tmp_path):
    url = SecretStr(f"sqlite+aiosqlite:///{tmp_path / 'one.db'}")
    async with build(settings(tmp_path, database_url=url)):
        pass
    with pytest.raises(ConfigError, match="holds the sample community, and the settings ask for the real one"):
        async with build(settings(tmp_path, database_url=url, discord_token=SecretStr("token"))):
            pass


async def test_half_of_what_slack_needs_is_said_so(tmp_path):
    with pytest.raises(ConfigError, match="Slack needs SLACK_APP_TOKEN as well"):
        await run(settings(tmp_path, slack_bot_token=SecretStr("xoxb-1")))
    with pytest.raises(ConfigError, match="Slack needs SLACK_SIGNING_SECRET as well"):
        await run(settings(tmp_path, slack_bot_token=SecretStr("xoxb-1"), slack_mode="http"))


async def test_the_sample_runs_on_postgresql_too(tmp_path, postgres_url):
    async with build(settings(tmp_path, database_url=SecretStr(postgres_url))) as app, app.uow_factory() as uow:
        hits = await uow.search.find("reconnaissance des acquis", languages=("fr", "en", "es"), limit=5)
    assert hits[0].resource.language == "fr"


async def test_a_port_in_use_says_which_setting_to_change(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match="Choose another port with WEB_PORT"):
            await run(Settings(data_dir=tmp_path, web_port=port))


async def test_a_language_nobody_translated_is_refused_by_name(tmp_path):
    with pytest.raises(ConfigError, match=r"COMMUNITY_LANGUAGES .*'tlh'.* There are en, es, fr"):
        async with build(settings(tmp_path, community_languages=("en", "tlh"))):
            pass


async def test_a_second_process_on_the_same_file_is_refused(tmp_path):
    async with build(settings(tmp_path)):
        with pytest.raises(ConfigError, match="already running"):
            async with build(settings(tmp_path)):
                pass


async def test_handled_events_are_forgotten_after_a_month(tmp_path):
    async with build(settings(tmp_path)) as app:
        now = app.services.clock.now()
        async with app.uow_factory() as uow:
            await uow.seen.first_time("old", now - timedelta(days=31))
            await uow.seen.first_time("new", now - timedelta(days=29))
            await uow.commit()
        await forget_old_events(app)
        async with app.uow_factory() as uow:
            assert await uow.seen.first_time("old", now)
            assert not await uow.seen.first_time("new", now)


async def test_a_newer_database_is_refused_and_left_alone(tmp_path):
    async with build(settings(tmp_path)):
        pass
    with sqlite3.connect(tmp_path / "data" / "sample.db") as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ConfigError, match="newer than this version"):
        async with build(settings(tmp_path)):
            pass
