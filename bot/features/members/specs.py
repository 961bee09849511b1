"""The commands of the members slice."""

from __future__ import annotations

from bot.commands import CommandSpec, Param, Permission
from bot.features.members import codes, handlers, linking, organizers
from bot.i18n import N_, NP_
from bot.ports import PersonalRecords

SPECS = (
    CommandSpec(
        "members.profile",
        handlers.profile,
        N_("My languages and time zone"),
        N_("shows and changes your languages, your time zone and your quiet hours"),
        words="profile",
        params=(Param("zone", N_("Your city or time zone"), required=False, max_length=60, suggest="zones"),),
        phrases=NP_(
            "phrases",
            "my profile|my languages|my time zone|change my languages|change my time zone|set my time zone|"
            "change my time zone to {zone}|set my time zone to {zone}|I live in {zone}|"
            "I have moved to {zone}",
        ),
        changes=True,
    ),
    CommandSpec(
        "members.reminders",
        handlers.reminders,
        N_("Direct reminders"),
        params=(
            Param("state", N_("Direct reminders"), choices=(("on", N_("Reminders on")), ("off", N_("Reminders off")))),
        ),
        changes=True,
    ),
    CommandSpec(
        "members.stop",
        handlers.stop,
        N_("No more direct reminders"),
        N_("stops reminders in your direct messages"),
        words="stop reminders",
        phrases=NP_("phrases", "stop reminders|stop reminding me|no more reminders|stop"),
        changes=True,
    ),
    CommandSpec(
        "members.organizers",
        organizers.overview,
        N_("Organizers"),
        N_("shows who organizes, and lets you name others"),
        words="organizers",
        phrases=NP_("phrases", "organizers|who are the organizers|list the organizers"),
        permission=Permission.ORGANIZER,
    ),
    CommandSpec(
        "members.appoint",
        organizers.appoint,
        N_("Name an organizer"),
        words="appoint",
        params=(Param("person", N_("Name of the person"), max_length=100),),
        phrases=NP_("phrases", "appoint {person}|make {person} an organizer"),
        permission=Permission.ORGANIZER,
    ),
    CommandSpec(
        "members.confirm_organizer",
        organizers.confirm,
        N_("Name an organizer"),
        params=(Param("member", N_("Member")),),
        permission=Permission.ORGANIZER,
        changes=True,
    ),
    CommandSpec(
        "members.dismiss",
        organizers.dismiss,
        N_("No longer an organizer"),
        params=(Param("member", N_("Member")),),
        permission=Permission.ORGANIZER,
        changes=True,
    ),
    CommandSpec(
        "members.link",
        linking.link,
        N_("Link my accounts"),
        N_("makes your accounts on several platforms one member, by a code"),
        words="link",
        params=(Param("code", N_("The code you got from your other account"), required=False, shape=codes.SHAPE),),
        phrases=NP_(
            "phrases",
            "link|link my account|link my accounts|link accounts|connect my accounts|link {code}|link code {code}|"
            "my code is {code}",
        ),
        changes=True,
    ),
    CommandSpec(
        "members.join",
        linking.join,
        N_("Link my accounts"),
        params=(Param("code", N_("Code")), Param("kept", N_("Member"))),
        changes=True,
    ),
    CommandSpec(
        "members.prefer",
        linking.prefer,
        N_("Where I am written to"),
        N_("chooses the platform on which I write to you"),
        words="write to me",
        params=(Param("platform", N_("Platform"), required=False, max_length=60),),
        phrases=NP_(
            "phrases",
            "write to me on {platform}|please write to me on {platform}|write to me in {platform}|"
            "send my reminders to {platform}|remind me on {platform}|where do you write to me|write to me",
        ),
        changes=True,
    ),
    CommandSpec(
        "members.unlink",
        linking.unlink,
        N_("Unlink an account"),
        N_("shows your accounts and takes one of them apart"),
        words="unlink",
        phrases=NP_("phrases", "unlink|unlink my account|unlink my accounts|my accounts|separate my accounts"),
        changes=True,
    ),
    CommandSpec(
        "members.separate",
        linking.separate,
        N_("Unlink an account"),
        params=(Param("platform", N_("Platform")), Param("workspace", N_("Workspace")), Param("user", N_("Account"))),
        changes=True,
    ),
)

PERSONAL = (
    PersonalRecords("member", N_("Your profile")),
    PersonalRecords("identity", N_("Who you are on each platform")),
    PersonalRecords("link_code", N_("Codes for linking your accounts")),
    PersonalRecords("link_try", N_("Codes you tried"), erase="detach"),
)
