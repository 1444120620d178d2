"""Looks at Identity Centers for what is assigned there; loads none of the dialogs that keys need."""

from stsui.config import centers
from stsui.model.roles import Center
from stsui.sessions.discoveries import News
from stsui.tui.frame import Frame


def look_around(frame: Frame, center: Center, *, asked: bool, signed_in: bool = False) -> None:
    """Looks for every account and role that is assigned there, beside the screen.

    Args:
        signed_in: Somebody has just done so, and wonders where the roles are if there are none.
    """
    if not center.lists_roles:
        if asked:
            frame.say(f"{center.name} is not an [sso.NAME] of the config; I imports roles from it.")
        return

    def found(news: News) -> None:
        changes = f"{news.new} new, {news.gone} gone" if news.new or news.gone else "nothing new"
        frame.state.log("", "discovered", f"{center.name}: {news.roles} roles in {news.accounts} accounts")
        frame.state.nothing_at = "" if news.roles else centers.shows_nothing(center)
        if not news.roles and asked:
            frame.say(frame.state.nothing_at)
        elif not news.roles and signed_in:
            # A notice would be covered by the one that says what the sign-in was for.
            frame.state.tell(frame.state.nothing_at)
        elif asked or news.new or news.gone:
            frame.say(f"{center.name}: {news.roles} roles in {news.accounts} accounts, {changes}.")
        frame.calls.reload(False)

    frame.ask(lambda: frame.services.discover(center), found, None if asked else lambda error: None)


def look_when_old(frame: Frame) -> None:
    """Some hours after the last look, where somebody is signed in; nobody is asked."""
    services = frame.services

    def old() -> list[Center]:
        listed = [center for center in services.catalog.sso.values() if center.lists_roles]
        return [
            c for c in listed if services.discoveries.is_old(c) and services.sign_ins.standing(c).signed_in
        ]

    def look(centers: list[Center]) -> None:
        for center in centers:
            look_around(frame, center, asked=False)

    frame.ask(old, look)
