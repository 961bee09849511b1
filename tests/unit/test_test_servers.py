"""The databases and the browser that other tests stand on."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.postgres import running_server


def plain(url: str) -> str:
    return url.replace("+asyncpg", "")


async def test_postgres_answers_in_utf8_and_utc(postgres_url):
    connection = await asyncpg.connect(plain(postgres_url))
    try:
        assert await connection.fetchval("SELECT 'Français, Español'") == "Français, Español"
        assert await connection.fetchval("SHOW server_encoding") == "UTF8"
        assert await connection.fetchval("SHOW timezone") == "UTC"
        assert await connection.fetchval("SELECT datcollate FROM pg_database WHERE datname = current_database()") == (
            "C.UTF-8"
        )
    finally:
        await connection.close()


async def test_both_kinds_of_database_take_a_table(database_url):
    engine = create_async_engine(database_url)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("CREATE TABLE word (text VARCHAR(20))"))
            await connection.execute(text("INSERT INTO word VALUES ('Ñandú')"))
            assert (await connection.execute(text("SELECT text FROM word"))).scalar_one() == "Ñandú"
    finally:
        await engine.dispose()


async def test_a_database_may_start_as_a_copy_of_another(postgres_server, postgres_url):
    connection = await asyncpg.connect(plain(postgres_url))
    await connection.execute("CREATE TABLE copied (id int)")
    await connection.close()
    copy = postgres_server.create_database(template=postgres_url.rsplit("/", 1)[1])
    connection = await asyncpg.connect(plain(postgres_server.url(copy)))
    try:
        assert await connection.fetchval("SELECT count(*) FROM copied") == 0
    finally:
        await connection.close()
        postgres_server.drop_database(copy)


async def test_a_wrong_password_is_refused(postgres_server):
    wrong = plain(postgres_server.url("postgres")).replace(postgres_server.password, "wrong")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(wrong)


async def test_the_server_and_its_folder_are_gone_at_the_end(postgres_server):
    with running_server(postgres_server.programs) as server:
        await (await asyncpg.connect(plain(server.url("postgres")))).close()
    assert not server.folder.exists()
    with pytest.raises(ConnectionRefusedError):
        await asyncpg.connect(plain(server.url("postgres")))


def test_the_server_says_why_it_does_not_start(tmp_path):
    with pytest.raises(RuntimeError, match="no such program"), running_server(_broken(tmp_path)):
        pass


def _broken(folder):
    programs = folder / "bin"
    programs.mkdir()
    initdb = programs / "initdb"
    initdb.write_text("#!/bin/sh\necho no such program >&2\nexit 1\n")
    initdb.chmod(0o755)
    return programs


def test_the_browser_starts(chromium_path):
    said = subprocess.run([chromium_path, "--version"], capture_output=True, text=True, check=True)
    assert "Chrom" in said.stdout


def test_no_setting_of_this_machine_reaches_a_test(tmp_path):
    names = ("database_url", "secret_key", "web_port", "slack_", "discord_", "https_proxy")
    assert not [name for name in os.environ if name.lower().startswith(names)]
    assert Path.cwd() == tmp_path
