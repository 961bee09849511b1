"""The catalogs are complete, and the check that says so finds what is wrong."""

from __future__ import annotations

import pytest

from scripts.translations import ROOT, Project, main

CODE = """
from bot.i18n import N_, NP_, _, ngettext

LATE = N_("Too late")

def greet(name, hours):
    # Translators: the first words to a newcomer
    hello = _("Hello {name}")
    return hello + ngettext("in one hour", "in {hours} hours", hours) + NP_("day", "May")
"""
PAGE = "<p>{{ _('Settings') }} {% trans count=n %}one member{% pluralize %}%(count)s members{% endtrans %}</p>"
FRENCH = {
    'msgid "Too late"\nmsgstr ""': 'msgid "Too late"\nmsgstr "Trop tard"',
    'msgid "Hello {name}"\nmsgstr ""': 'msgid "Hello {name}"\nmsgstr "Bonjour {name}"',
    'msgstr[0] ""\nmsgstr[1] ""\n\n#: bot/greet.py\nmsgctxt': (
        'msgstr[0] "dans une heure"\nmsgstr[1] "dans {hours} heures"\n\n#: bot/greet.py\nmsgctxt'
    ),
    'msgid "May"\nmsgstr ""': 'msgid "May"\nmsgstr "mai"',
    'msgid "Settings"\nmsgstr ""': 'msgid "Settings"\nmsgstr "Réglages"',
    'msgstr[0] ""\nmsgstr[1] ""': 'msgstr[0] "une personne"\nmsgstr[1] "%(count)s personnes"',
}


@pytest.fixture
def project(tmp_path):
    """A small project in French, all translated."""
    for folder in ("bot", "adapters/chat", "storage", "schedules"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "bot" / "greet.py").write_text(CODE)
    (tmp_path / "adapters" / "chat" / "page.html").write_text(PAGE)
    assert main(["add", "fr"], tmp_path) == 0
    project = Project(tmp_path)
    for empty, full in FRENCH.items():
        edit(project, empty, full)
    return project


def edit(project, old, new):
    french = project.catalogs()["fr"]
    text = french.read_text()
    assert old in text
    french.write_text(text.replace(old, new, 1))


def check(project, capsys):
    capsys.readouterr()
    code = main(["check"], project.root)
    return code, capsys.readouterr().err


def test_the_assistant_speaks_three_languages_completely(capsys):
    code = main(["check"])
    said = capsys.readouterr()
    assert (code, said.err) == (0, "")
    assert {"es", "fr"} <= set(Project(ROOT).catalogs())


def test_a_complete_catalog_passes(project, capsys):
    assert check(project, capsys) == (0, "")


def test_texts_come_from_code_and_pages_with_notes_for_translators(project):
    template = project.template.read_text()
    assert "#. the first words to a newcomer\n#: bot/greet.py\n" in template
    assert '#: adapters/chat/page.html\nmsgid "Settings"' in template
    assert 'msgctxt "day"\nmsgid "May"' in template
    assert "Date" not in template


def test_a_second_update_changes_nothing(project):
    before = [path.read_bytes() for path in (project.template, project.catalogs()["fr"])]
    main(["update"], project.root)
    assert [path.read_bytes() for path in (project.template, project.catalogs()["fr"])] == before


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('"Trop tard"', '""', "not translated: 'Too late'"),
        ('#: bot/greet.py\nmsgid "Too', '#: bot/greet.py\n#, fuzzy\nmsgid "Too', "fuzzy, to be confirmed: 'Too late'"),
        ('"Bonjour {name}"', '"Bonjour {nom}"', "placeholders differ: 'Hello {name}'"),
        ('"Bonjour {name}"', '"Bonjour"', "placeholders differ: 'Hello {name}'"),
        ('"Bonjour {name}"', '"Bonjour {name"', "placeholders differ: 'Hello {name}'"),
        ('"dans {hours} heures"', '"dans quelques heures"', "placeholders differ: 'in one hour'"),
        ('"%(count)s personnes"', '"%(nombre)s personnes"', "placeholders differ: 'one member'"),
        ('msgstr[1] "dans {hours} heures"\n', "", "a plural form is missing: 'in one hour'"),
        ('"dans {hours} heures"', '""', "a plural form is missing: 'in one hour'"),
        ('msgid "Too late"\nmsgstr "Trop tard"\n', "", "missing: 'Too late'"),
        ('msgid "Too late"', 'msgid "Too soon"', "no longer used: 'Too soon'"),
        ('msgid "Too late"\nmsgstr', 'msgid "Too late"\nmsgst', "cannot be read"),
    ],
)
def test_a_broken_catalog_fails(project, capsys, old, new, problem):
    edit(project, old, new)
    code, said = check(project, capsys)
    assert code == 1
    assert f"fr: {problem}" in said


def test_a_text_changed_in_the_code_fails_until_it_is_translated_again(project, capsys):
    code = project.root / "bot" / "greet.py"
    code.write_text(code.read_text().replace("Too late", "Much too late"))
    assert "connections.pot: stale" in check(project, capsys)[1]
    main(["update"], project.root)
    failed, said = check(project, capsys)
    assert failed
    assert "fr: not translated: 'Much too late'" in said
    assert "fr: obsolete, to be reused or removed: 'Too late'" in said


def test_only_a_real_language_can_be_added(project):
    with pytest.raises(SystemExit, match="not a language tag"):
        main(["add", "no such language"], project.root)
    with pytest.raises(SystemExit, match="a catalog already"):
        main(["add", "fr"], project.root)


def test_a_language_of_a_region_can_be_added(project, capsys):
    main(["add", "pt-BR"], project.root)
    assert "pt-BR: not translated: 'Too late'" in check(project, capsys)[1]
    assert "Language: pt_BR" in project.catalogs()["pt-BR"].read_text()
