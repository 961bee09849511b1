"""A library, a community and questions, made up by rule: the same ones in every run, with nobody and nothing real."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.features.members.model import Identity, Member
from bot.features.resources.model import Resource, ResourceText
from bot.messages import UserRef

LANGUAGES = ("en", "fr", "es")
PLATFORM, WORKSPACE = "bench", "W"
JOINED = datetime(2026, 1, 1, tzinfo=UTC)
ZONES = ("Africa/Dakar", "America/Lima", "Asia/Manila", "Europe/Zurich", "Pacific/Apia")
KINDS = ("guide", "report", "toolkit", "course", "case-study", "policy")
SEED = 20_261_123
TRANSLATED = 3
"""Every third resource is described in all three languages, the others in their own."""
MISSPELT, UNKNOWN = 10, 11
"""Of so many questions one has a word misspelt, and one asks for what nobody has."""

SUBJECTS = {
    "en": """apprenticeships|recognition of prior learning|adult literacy|career guidance|green jobs|digital skills|
        teacher training|skills forecasting|short certificates|workplace learning|training levies|informal traders|
        quality assurance|mobile workshops|refugee learners|rural schools|repair trades|care work|language courses|
        learning centres|evening classes|exam fraud|tool lending|peer mentoring""",
    "fr": """l’apprentissage en entreprise|la reconnaissance des acquis|l’alphabétisation des adultes|
        l’orientation professionnelle|les emplois verts|les compétences numériques|la formation des enseignants|
        la prévision des métiers|les certificats courts|la formation sur le tas|les taxes de formation|
        les vendeurs ambulants|l’assurance qualité|les ateliers mobiles|les élèves réfugiés|les écoles rurales|
        les métiers de la réparation|le travail de soins|les cours de langue|les foyers d’étude|les cours du soir|
        la fraude aux épreuves|le prêt d’outils|le mentorat entre pairs""",
    "es": """el aprendizaje en la empresa|el reconocimiento de saberes previos|la alfabetización de adultos|
        la orientación profesional|los empleos verdes|las competencias digitales|la formación docente|
        la previsión de oficios|los certificados cortos|la formación en el puesto|los impuestos para formar|
        los vendedores informales|la garantía de calidad|los talleres móviles|los alumnos refugiados|
        las escuelas rurales|los oficios de reparación|el trabajo de cuidados|los cursos de idiomas|
        los centros de estudio|las clases nocturnas|el fraude en exámenes|el préstamo de herramientas|
        la mentoría entre iguales""",
}
FORMS = {
    "en": "A first guide to|What we learnt from|Ten lessons on|A handbook for|How to pay for|Measuring|Planning",
    "fr": "Premier guide pour|Ce que nous apprend|Dix leçons sur|Un manuel pour|Comment financer|Mesurer|Prévoir",
    "es": "Primera guía para|Lo que enseña|Diez lecciones sobre|Un manual para|Cómo financiar|Medir|Planear",
}
DETAILS = {
    "en": """Written with trainers who tried it for two years.|It compares four regions and says where it failed.|
        Checklists and forms can be copied.|For ministries, employers and unions alike.|
        The annex lists costs by month and by learner.|Interviews with women who run small firms.|
        A chapter explains how to win over sceptical parents.|The method needs neither power nor internet.|
        Results were checked by an outside team.|Exercises take one afternoon each.""",
    "fr": """Rédigé avec des formatrices qui l’ont éprouvé deux ans.|Compare quatre régions et dit où cela a échoué.|
        Les grilles et formulaires peuvent être copiés.|Pour les ministères, les patrons et les syndicats.|
        L’annexe donne les coûts par mois et par élève.|Entretiens avec des femmes à la tête de petites maisons.|
        Un chapitre dit comment convaincre les parents inquiets.|La méthode ne demande ni courant ni réseau.|
        Une équipe extérieure a vérifié les résultats.|Chaque exercice prend un après-midi.""",
    "es": """Escrito con formadoras que lo probaron dos años.|Compara cuatro regiones y dice dónde no funcionó.|
        Las listas y los formularios se pueden copiar.|Para ministerios, empresas y sindicatos por igual.|
        El anexo da los costos por mes y por alumno.|Entrevistas con mujeres que dirigen negocios pequeños.|
        Un capítulo explica cómo convencer a los padres.|El método no necesita luz ni conexión.|
        Un equipo externo revisó los resultados.|Cada ejercicio ocupa una tarde.""",
}
ASKING = {
    "en": "Where can I find something on {}?|{}|I am looking for {}|a guide to {} please",
    "fr": "Où puis-je trouver quelque chose sur {} ?|{}|Je cherche {}|un guide pour {}, merci",
    "es": "¿Dónde puedo encontrar algo sobre {}?|{}|Busco {}|una guía para {}, por favor",
}
NOWHERE = {"en": "submarine volcano insurance", "fr": "assurance des volcans sous-marins", "es": "seguro de volcanes"}
NEXT_MEETING = {"en": "next meeting?", "fr": "prochaine réunion ?", "es": "¿cuándo es la próxima reunión?"}


def _choices(texts: dict[str, str], language: str) -> list[str]:
    return [part.strip() for part in texts[language].split("|")]


def made_up_name(number: int) -> str:
    """Return a name that no language has: libraries are full of places and projects that occur once."""
    syllables = ("ta", "ro", "mi", "ke", "lu", "va", "no", "si", "da", "pe", "zu", "bo")
    first, second, third = number % 12, number // 12 % 12, number // 144 % 12
    return (syllables[first] + syllables[second] + syllables[third] + "n").capitalize()


def _text(language: str, subject: int, form: int, number: int) -> ResourceText:
    details = random.Random(SEED + number).sample(_choices(DETAILS, language), 3)
    title = f"{_choices(FORMS, language)[form]} {_choices(SUBJECTS, language)[subject]}: {made_up_name(number)}"
    return ResourceText(title, f"{' '.join(details)} ({made_up_name(number + 700)})")


def resources(count: int) -> Iterator[Resource]:
    """Make the library: each resource in its own language, every third described in all."""
    for number in range(count):
        language = LANGUAGES[number % 3]
        subject, form = number // 3 % 24, number // 72 % 7
        wanted = LANGUAGES if number % TRANSLATED == number // 72 % TRANSLATED else (language,)
        yield Resource(
            id=f"r{number:06}",
            url=f"https://library.example/{number}",
            kind=KINDS[number % len(KINDS)],
            language=language,
            source=f"Institute {made_up_name(number % 40)}",
            region="global",
            tags=(f"subject-{subject}", KINDS[number % len(KINDS)]),
            checked_on=date(2026, 1 + number % 12, 1),
            texts={each: _text(each, subject, form, number) for each in wanted},
        )


def user(number: int) -> UserRef:
    """Return a member's account."""
    return UserRef(PLATFORM, WORKSPACE, f"u{number}")


def language_of(number: int) -> str:
    """Return what a member speaks first."""
    return LANGUAGES[number % 3]


def members(count: int) -> Iterator[tuple[Member, Identity]]:
    """Make the members, all welcomed long ago."""
    for number in range(count):
        name = f"m{number}"
        spoken = (language_of(number), LANGUAGES[(number + 1) % 3])
        zone = ZONES[number % len(ZONES)]
        member = Member(name, f"Member {number}", JOINED, spoken, zone, noticed_at=JOINED, welcomed_at=JOINED)
        yield member, Identity(user(number), name, spoken[0], zone)


@dataclass(frozen=True, slots=True)
class Asked:
    """What one member writes."""

    member: int
    text: str


def questions(count: int, members_: int) -> list[Asked]:
    """Make questions to the library, each by the next member, in that member's language."""
    return [Asked(number % members_, _question(number, language_of(number % members_))) for number in range(count)]


def _question(number: int, language: str) -> str:
    subjects, forms = _choices(SUBJECTS, language), _choices(ASKING, language)
    subject = NOWHERE[language] if number % UNKNOWN == UNKNOWN - 1 else subjects[number // 3 * 7 % len(subjects)]
    if number % MISSPELT == MISSPELT - 1:
        middle = len(subject) - 4
        subject = subject[:middle] + subject[middle + 1 :]
    return forms[number // 5 % len(forms)].format(subject)


def next_meetings(count: int, members_: int) -> list[Asked]:
    """Make as many members ask when the next meeting is."""
    return [Asked(number % members_, NEXT_MEETING[language_of(number % members_)]) for number in range(count)]
