"""Forms with more than Discord's menus hold are typed, and understood as they were meant."""

from __future__ import annotations

import pytest

from adapters.discord.forms import Forms, is_typed, read_labels
from bot.errors import PermanentError
from bot.messages import Call, Form, FormField, Option

FEW = tuple(Option(f"v{number}", f"Choice {number}") for number in range(25))
LANGUAGES = (Option("fr", "Français"), Option("es", "Espagnol"))
MANY = (
    *(Option(f"v{number}", f"Choix {number}") for number in range(2500)),
    Option("fr", "Français"),
    Option("es", "Espagnol"),
)


def form(*fields: FormField) -> Form:
    return Form("Languages", Call("c"), fields, "Save", "fr", action_id="act")


def sent(modal: dict, *inputs: dict) -> dict:
    return {"custom_id": modal["custom_id"], "components": [{"type": 18, "component": item} for item in inputs]}


@pytest.mark.parametrize(
    ("kind", "typed", "values"),
    [
        ("multiselect", "FRANCAIS, espagnol", "fr,es"),
        ("multiselect", "français; Espagnol\nchoix 7", "fr,es,v7"),
        ("multiselect", "fr, klingon,", "fr,klingon"),
        ("multiselect", "fr, FR", "fr"),
        ("multiselect", "", ""),
        ("select", "  choix 2499 ", "v2499"),
        ("select", "Choix, 7", "Choix, 7"),
    ],
)
async def test_typed_labels_are_turned_back_into_values(kind, typed, values):
    forms = Forms()
    modal = forms.modal(form(FormField("languages", "Langues", kind, options=MANY))).to_dict()
    assert modal["components"][0]["component"]["type"] == 4
    answer = sent(modal, {"type": 4, "custom_id": "languages", "value": typed})
    assert forms.submitted(answer) == ("act", {"languages": values})


async def test_what_is_chosen_already_stands_there_by_its_label():
    field = FormField("languages", "Langues", "multiselect", options=MANY, value="fr,es")
    shown = Forms().modal(form(field)).to_dict()["components"][0]
    assert shown["component"]["value"] == "Français, Espagnol"
    assert shown["description"]


async def test_few_choices_are_a_menu_with_what_is_chosen():
    forms = Forms()
    field = FormField("rooms", "Salons", "multiselect", required=False, options=FEW, value="v1,v3")
    modal = forms.modal(form(field)).to_dict()
    menu = modal["components"][0]["component"]
    assert [option["value"] for option in menu["options"] if option["default"]] == ["v1", "v3"]
    assert (menu["min_values"], menu["max_values"]) == (0, 25)
    answer = sent(modal, {"type": 3, "custom_id": "rooms", "values": ["v2", "v4"]})
    assert forms.submitted(answer) == ("act", {"rooms": "v2,v4"})


async def test_an_error_stands_under_the_label():
    field = FormField("zone", "Votre ville", error="Je ne connais pas cette ville.", hint="Dakar, Lyon")
    shown = Forms().modal(form(field)).to_dict()["components"][0]
    assert "Je ne connais pas cette ville." in shown["description"]


async def test_a_form_from_before_a_restart_keeps_what_was_typed():
    modal = Forms().modal(form(FormField("languages", "Langues", "multiselect", options=MANY))).to_dict()
    answer = sent(modal, {"type": 4, "custom_id": "languages", "value": "Français"})
    assert Forms().submitted(answer) == ("act", {"languages": "Français"})


def test_a_form_that_is_not_ours_has_no_action():
    assert Forms().submitted({"custom_id": "other", "components": []}) == ("", {})


async def test_a_form_that_was_not_sealed_is_refused():
    with pytest.raises(PermanentError):
        Forms().modal(Form("x", Call("c"), (FormField("a", "A"),), "Send", "en"))


def test_what_is_no_label_stays_for_the_core_to_judge():
    field = FormField("zone", "Zone", "select", options=MANY)
    assert is_typed(field)
    assert read_labels(field, "Atlantis") == "Atlantis"
