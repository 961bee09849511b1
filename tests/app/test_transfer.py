"""``connections import`` and ``connections export``, as an operator types them, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import typer
from typer.testing import CliRunner

from adapters.tryit.community import FILES
from bot.bootstrap import open_community
from bot.commandline.transfer import register
from bot.commandline.transferring import PROGRESS_EVERY, Job, run_import
from bot.config import load_settings
from bot.errors import Conflict
from bot.features.deliveries.model import ANNOUNCED, REMINDER
from bot.features.meetings.model import OccurrenceState
from bot.features.rooms.model import Purpose, Room
from bot.messages import ChannelRef, UserRef

LIBRARY = FILES / "library.jsonl"
HEAD = "title,url,kind,language,tags,description,region\n"
GOOD = "A guide,https://a.example/1,guide,en,rpl;tvet,About “learning”,global\n"
SOON = datetime.now(UTC) + timedelta(days=2)


@pytest.fixture
def connections(monkeypatch, database_url, tmp_path):
    """The command on an empty real community of each database; gives exit status, output and errors."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-none")
    app = typer.Typer()
    register(app)

    def run(*arguments, answer=""):
        result = CliRunner().invoke(app, [str(argument) for argument in arguments], input=answer)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run


def looked_up(question):
    """Return what ``question`` (of a unit of work) answers."""

    async def ask():
        async with open_community(load_settings()) as (uow_factory, _clock), uow_factory() as uow:
            found = await question(uow)
            await uow.commit()
            return found

    return asyncio.run(ask())


def library():
    return looked_up(lambda uow: uow.resources.all())


def test_the_sample_library_comes_in_once_and_comes_out_again(connections, tmp_path):
    shown = connections("import", "resources", LIBRARY, answer="n\n")
    assert shown.exit_code == 1
    assert "86 new, 0 changed, 0 already there" in shown.stdout
    assert "Nothing was imported" in shown.stdout
    assert library() == ()
    assert connections("import", "resources", LIBRARY, answer="y\n").exit_code == 0
    before = library()
    assert len(before) == 86
    assert sum(len(resource.texts) > 1 for resource in before) > 0
    for name in ("out.csv", "out.jsonl"):
        assert connections("export", "resources", tmp_path / name).exit_code == 0
        again = connections("import", "resources", tmp_path / name, "--yes")
        assert "0 new, 0 changed, 86 already there" in again.stdout
        assert "Nothing to import" in again.stdout
    assert library() == before


def test_what_was_imported_is_found(connections):
    connections("import", "resources", LIBRARY, "--yes")
    hits = looked_up(lambda uow: uow.search.find("validation des acquis", languages=("fr",), limit=3))
    assert hits


def test_one_bad_row_and_nothing_is_imported(connections, tmp_path):
    path = tmp_path / "r.csv"
    rows = (
        GOOD,
        "B,nowhere,guide,en,,,\n",
        "C,https://c.example,guide,Elvish,,,\n",
        ",https://d.example,guide,en,,,\n",
    )
    path.write_text(HEAD + "".join(rows), encoding="utf-8")
    refused = connections("import", "resources", path, "--yes")
    assert refused.exit_code == 2
    assert "3 rows cannot be imported" in refused.stderr
    assert "line 3: “nowhere” is not an address" in refused.stderr
    assert "line 4: “Elvish” is not a language" in refused.stderr
    assert "line 5: “https://d.example” has no title" in refused.stderr
    assert library() == ()


def test_the_same_address_is_recognised_however_it_is_written(connections, tmp_path):
    path = tmp_path / "r.csv"
    path.write_text(HEAD + GOOD, encoding="utf-8")
    connections("import", "resources", path, "--yes")
    path.write_text(HEAD + GOOD.replace("https://a.example/1", "HTTPS://A.Example:443/%31"), encoding="utf-8")
    assert "0 new, 0 changed, 1 already there" in connections("import", "resources", path, "--yes").stdout
    path.write_text(HEAD + GOOD + GOOD, encoding="utf-8")
    assert "line 3: repeats line 2" in connections("import", "resources", path, "--yes").stdout
    path.write_text(HEAD + GOOD + GOOD.replace("A guide", "B"), encoding="utf-8")
    refused = connections("import", "resources", path, "--yes")
    assert "line 3: has the address of line 2 and says something else" in refused.stderr


def test_a_changed_row_changes_what_it_says_and_keeps_the_rest(connections, tmp_path):
    connections("import", "resources", LIBRARY, "--yes")
    before = next(resource for resource in library() if len(resource.texts) == 3)
    path = tmp_path / "r.csv"
    path.write_text(f"{HEAD}New,{before.url},guide,{before.language},x,Text,asia\n", encoding="utf-8")
    shown = connections("import", "resources", path, "--yes")
    assert "0 new, 1 changed" in shown.stdout
    after = next(resource for resource in library() if resource.id == before.id)
    assert after.text(before.language).title == "New"
    assert (after.tags, after.region, after.source, after.checked_on) == (
        ("x",),
        "asia",
        before.source,
        before.checked_on,
    )
    assert set(after.texts) == set(before.texts)


MEMBERS = """name,identity,languages,zone,skills_offered,skills_wanted,organizer
Ama,slack:T012/U034,English;wolof,Dakar,TVET;RPL,,yes
=Ben,slack:T012/U035;discord:99/77,Elvish;fr,Springfield,,,no
Dora,slack:T012/U036,espagnol,Congo,,,
"""


def members():
    return {member.name: member for member in looked_up(lambda uow: uow.members.all())}


def test_members_come_in_with_what_is_unclear_said(connections, tmp_path):
    path, out = tmp_path / "m.csv", tmp_path / "out.csv"
    path.write_text(MEMBERS, encoding="utf-8")
    shown = connections("import", "members", path, "--yes")
    assert "3 new" in shown.stdout
    assert "line 3: the language “Elvish” is not known" in shown.stdout
    assert "line 3: the zone “Springfield” is not known" in shown.stdout
    assert "line 4: the zone “Congo” may mean" in shown.stdout
    found = members()
    assert (found["Ama"].languages, found["Ama"].zone, found["Ama"].organizer) == (("en", "wo"), "Africa/Dakar", True)
    assert (found["=Ben"].languages, found["=Ben"].zone) == (("fr",), None)
    assert looked_up(lambda uow: uow.members.by_user(UserRef("discord", "99", "77"))) == found["=Ben"]
    assert "0 new, 0 changed, 3 already there" in connections("import", "members", path, "--yes").stdout
    assert connections("export", "members", out).exit_code == 0
    assert "\n'=Ben," in out.read_text(encoding="utf-8")
    assert "0 new, 0 changed, 3 already there" in connections("import", "members", out, "--yes").stdout
    assert members() == found


def test_what_members_chose_themselves_stays(connections, tmp_path):
    path = tmp_path / "m.csv"
    path.write_text(MEMBERS, encoding="utf-8")
    connections("import", "members", path, "--yes")
    chosen = replace(members()["Ama"], zone="Africa/Accra", welcomed_at=SOON)
    looked_up(lambda uow: uow.members.save(chosen))
    shown = connections("import", "members", path, "--yes")
    assert "line 2: zone stay as the member chose" in shown.stdout
    assert "Nothing to import" in shown.stdout
    path.write_text(MEMBERS.replace("TVET;RPL", "TVET"), encoding="utf-8")
    assert "Ama: skills_offered" in connections("import", "members", path, "--yes").stdout
    assert members()["Ama"] == replace(chosen, skills_offered=("TVET",))


def test_members_nobody_can_tell_apart_are_refused(connections, tmp_path):
    path = tmp_path / "m.csv"
    path.write_text(MEMBERS, encoding="utf-8")
    connections("import", "members", path, "--yes")
    before = members()
    rows = "New,slack:T1/U1\nX,slack:T012\n,slack:T1/U2\nY,slack:T1/U1\n"
    path.write_text(f"name,identity\n{rows}", encoding="utf-8")
    refused = connections("import", "members", path, "--yes")
    assert "line 3: “slack:T012” is not an identity" in refused.stderr
    assert "line 4: there is no name" in refused.stderr
    assert "line 5: slack:T1/U1 stands in line 2 already" in refused.stderr
    path.write_text("name,identity\nNew,slack:T1/U1\nZ,slack:T012/U034;slack:T012/U036\n", encoding="utf-8")
    refused = connections("import", "members", path, "--yes")
    assert refused.exit_code == 2
    assert "belong to different members" in refused.stderr
    assert members() == before


def calendar(tmp_path, *more):
    path = tmp_path / "c.ics"
    day = f"{SOON:%Y%m%d}"
    off = f"{SOON + timedelta(days=7):%Y%m%d}"
    repeats = f"RRULE:FREQ=WEEKLY\nEXDATE;TZID=Africa/Dakar:{off}T140000"
    events = (
        f"UID:s@x\nSUMMARY:Weekly\nDTSTART;TZID=Africa/Dakar:{day}T140000\nDURATION:PT1H\n{repeats}",
        f"UID:m@x\nSUMMARY:Mars\nDTSTART;TZID=Mars/Olympus:{day}T140000\nDURATION:PT1H",
        *more,
    )
    bodies = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events)
    path.write_text(f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{bodies}END:VCALENDAR\n", encoding="utf-8")
    return path


async def meetings(uow):
    found = await uow.meetings.all()
    return {meeting.title: (meeting, await uow.meetings.occurrences_of(meeting.id)) for meeting in found}


def test_a_calendar_becomes_meetings_with_their_dates_and_reminders(connections, tmp_path):
    members_file = tmp_path / "m.csv"
    members_file.write_text(MEMBERS, encoding="utf-8")
    connections("import", "members", members_file, "--yes")
    path = calendar(tmp_path)
    shown = connections("import", "calendar", path, "--yes")
    assert "1 new" in shown.stdout
    assert "without end" in shown.stdout
    assert "“Mars”" in shown.stdout
    assert "a time zone that nobody knows" in shown.stdout
    meeting, occurrences = looked_up(meetings)["Weekly"]
    cancelled = [each for each in occurrences if each.state is OccurrenceState.CANCELLED]
    assert [each.nominal_local - meeting.starts_local for each in cancelled] == [timedelta(days=7)]
    assert 5 <= len(occurrences) <= 9
    work = looked_up(lambda uow: uow.work.about(f"occurrence:{occurrences[2].id}", (REMINDER,)))
    assert len(work) == 6
    again = connections("import", "calendar", path, "--yes")
    assert "0 new, 1 already there" in again.stdout
    for name in ("out.ics", "out.csv"):
        assert "Exported 1 meetings" in connections("export", "meetings", tmp_path / name).stdout
    again = connections("import", "calendar", tmp_path / "out.ics", "--yes")
    assert "0 new, 1 already there" in again.stdout
    assert "Weekly" in (tmp_path / "out.csv").read_text(encoding="utf-8")


def test_a_meeting_that_is_here_is_not_changed_by_a_calendar(connections, tmp_path):
    path = calendar(tmp_path)
    connections("import", "calendar", path, "--yes")
    before = looked_up(meetings)
    path.write_text(path.read_text(encoding="utf-8").replace("PT1H", "PT2H"), encoding="utf-8")
    shown = connections("import", "calendar", path, "--yes")
    assert "stays as it is: “Weekly” differs" in shown.stdout
    assert looked_up(meetings) == before


AGENDA = {
    "en.txt": "Plenary\n\nDate: {day}, 14h-15h (Geneva time)\n\nAgenda\n\n14:00 - 14:10 Welcome (plenary)\n"
    "14:10 - 15:00 Groups (breakout groups)\n\nBreakout sessions will be conducted in English (2) and French (1).\n",
    "fr.md": "# Réunion\n\n**Date :** {day}, 14h-15h (heure de Genève)\n\n## Ordre du jour\n\n| Heure | Séance |\n"
    "|---|---|\n| 14h00 – 14h10 | Bienvenue (plénière) |\n| 14h10 – 15h00 | Groupes de travail (groupes) |\n",
    "es.md": "# Reunión\n\n**Fecha:** {day}, 14:00-15:00 (hora de Ginebra)\n\n## Orden del día\n\n"
    "- 14:00 – 14:10 Bienvenida (plenaria)\n- 14:10 – 15:00 Grupos de trabajo (grupos)\n",
}


@pytest.mark.parametrize("name", AGENDA)
def test_an_agenda_becomes_a_meeting_once(connections, tmp_path, name):
    room = Room("r", "Announcements", Purpose.ANNOUNCEMENTS, "en", (ChannelRef("slack", "T1", "C1"),))
    looked_up(lambda uow: uow.rooms.save(room))
    path = tmp_path / name
    path.write_text(AGENDA[name].format(day=f"{SOON:%Y-%m-%d}"), encoding="utf-8")
    assert connections("import", "agenda", path, "--yes").exit_code == 0
    ((meeting, occurrences),) = looked_up(meetings).values()
    assert (meeting.zone, meeting.minutes) == ("Europe/Zurich", 60)
    items = looked_up(lambda uow: uow.meetings.agenda(meeting.id))
    assert [item.minutes for item in items] == [10, 50]
    announced = looked_up(lambda uow: uow.work.about(f"occurrence:{occurrences[0].id}", (ANNOUNCED,)))
    assert len(announced) == 1
    again = connections("import", "agenda", path, "--yes")
    assert "planned already, just so" in again.stdout
    assert len(looked_up(meetings)) == 1


@pytest.mark.parametrize(
    ("old", "new", "options", "said"),
    [
        (" (Geneva time)", "", (), "--zone"),
        ("(Geneva time)", "(Elvish time)", (), "--zone"),
        ("Date: {day}", "Date: someday", (), "--date"),
        ("Date: {day}", "Date: 3 March 2020", (), "over already"),
        ("x", "x", ("--zone", "nowhere"), "not one time zone"),
        ("x", "x", ("--date", "soon"), "write it as"),
    ],
)
def test_what_an_agenda_leaves_open_is_told_with_its_remedy(connections, tmp_path, old, new, options, said):
    path = tmp_path / "a.txt"
    path.write_text(AGENDA["en.txt"].replace(old, new).format(day=f"{SOON:%Y-%m-%d}"), encoding="utf-8")
    refused = connections("import", "agenda", path, "--yes", *options)
    assert refused.exit_code == 2
    assert said in refused.stderr
    assert looked_up(meetings) == {}


@pytest.mark.parametrize("what", ["resources", "members", "calendar", "agenda"])
@pytest.mark.parametrize("content", [b"", b"\xff\xfe\xff", "é".encode("latin-1") * 9, b"\x00" * 9, b"BEGIN:VCALENDAR"])
def test_no_file_ends_in_a_traceback(connections, tmp_path, what, content):
    path = tmp_path / "file"
    path.write_bytes(content)
    for each in (path, tmp_path, tmp_path / "none"):
        refused = connections("import", what, each, "--yes")
        assert refused.exit_code == 2
        assert refused.stderr.startswith("connections: ")
        assert "Traceback" not in refused.output


def test_a_file_that_exists_is_replaced_only_when_that_is_wanted(connections, tmp_path):
    path = tmp_path / "out.csv"
    path.write_text("mine", encoding="utf-8")
    assert connections("export", "resources", path, answer="").exit_code == 1
    assert path.read_text(encoding="utf-8") == "mine"
    assert connections("export", "resources", path, "--yes").exit_code == 0
    assert path.read_text(encoding="utf-8").startswith("title,url,kind,language,tags,description,region,")
    assert connections("export", "members", tmp_path / "m.txt").exit_code == 2
    assert connections("export", "meetings", tmp_path / "none" / "m.ics").exit_code == 2


def test_a_long_file_says_how_far_it_is(connections, tmp_path):
    path = tmp_path / "m.csv"
    rows = "".join(f"Member {number},slack:T1/U{number}\n" for number in range(PROGRESS_EVERY))
    path.write_text(f"name,identity\n{rows}", encoding="utf-8")
    shown = connections("import", "members", path, "--yes")
    assert "1,000 new" in shown.stdout
    assert "… and 995 more" in shown.stdout
    assert "  1,000 of 1,000\n" in shown.stderr


@pytest.mark.parametrize("what", ["resources", "members"])
def test_a_million_rows_are_refused_at_once(connections, tmp_path, what):
    path = tmp_path / "r.csv"
    head = HEAD if what == "resources" else "name,identity\n"
    row = "A,https://a.example/{0},guide,en,,,\n" if what == "resources" else "A,slack:T1/U{0}\n"
    with path.open("w", encoding="utf-8") as target:
        target.write(head)
        target.writelines(row.format(number) for number in range(1_000_000))
    refused = connections("import", what, path, "--yes")
    assert refused.exit_code == 2
    assert "more than 10,000 rows" in refused.stderr
    assert "Split it" in refused.stderr


def test_what_changed_since_it_was_shown_is_not_overwritten(connections, tmp_path):
    path = tmp_path / "r.csv"
    path.write_text(HEAD + GOOD, encoding="utf-8")
    connections("import", "resources", path, "--yes")
    (resource,) = library()
    saved = []

    async def plan(uow):
        seen = await uow.resources.count()
        await uow.resources.save(replace(resource, id=f"n{seen}", url=f"https://n.example/{seen}"))
        await uow.commit()  # somebody else, in between
        return seen

    async def save(uow, planned, told):
        saved.append(planned)

    with pytest.raises(Conflict, match="changed since it was shown"):
        run_import(lambda _now: Job(plan, lambda _planned: 1, save), yes=True)
    assert saved == []
