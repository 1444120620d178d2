"""Keys that tell: what the ledger says of today, and what an authorization message says was denied."""

import os
import re
import time

from stsui.config.catalog import Catalog
from stsui.config.paths import home, with_tilde
from stsui.model.arn import DEFAULT_REGIONS, parse_role_arn
from stsui.model.errors import StsuiError
from stsui.sessions import asking_aws
from stsui.sessions.cloudtrail import lookup_url
from stsui.sessions.ledger import Event
from stsui.tui.clipboard import write_private
from stsui.tui.deeds.handing import copy_text
from stsui.tui.frame import Frame
from stsui.tui.screens.activity import ActivityScreen, line
from stsui.tui.screens.decode import DecodeScreen
from stsui.tui.told import midnight

ACCOUNT_IDS = re.compile(r"\b\d{12}\b", re.ASCII)


def activity(frame: Frame, role: str) -> None:
    """The ledger of today; new lines come while it is open."""
    ledger = frame.services.store.ledger
    seen: list[object] = [None]

    def again() -> None:
        stamp = ledger.stamp()
        if stamp != seen[0]:
            seen[0] = stamp
            frame.ask(lambda: list(ledger.read(midnight(frame.now))), screen.show_events)

    screen = ActivityScreen(
        again,
        lambda text: copy_text(frame, text),
        frame.state.masked,
        frame.state.veiled,
        lambda event: _link(frame.services.catalog, event),
    )
    frame.show(screen)


def export(frame: Frame, role: str) -> None:
    """Today's lines to a new file in the home directory, for whoever has to see what happened."""
    ledger, now = frame.services.store.ledger, frame.now

    def write() -> str:
        lines = [line(event) for event in ledger.read(midnight(now))]
        if not lines:
            return "Nothing yet today."
        name = time.strftime("stsui-activity-%Y%m%d-%H%M%S.txt", time.localtime(now))
        path = os.path.join(home(frame.services.environ), name)
        try:
            write_private(path, ACCOUNT_IDS.sub("************", "\n".join(lines)) + "\n")
        except OSError as error:
            return f"{path} could not be written: {error.strerror}."
        count = f"{len(lines)} line{'' if len(lines) == 1 else 's'}"
        return f"Wrote {count} to {with_tilde(path, frame.services.environ)}, account ids hidden."

    frame.calls.tell(write)


def decode(frame: Frame, role: str) -> None:
    """The dialog to paste an encoded authorization message into; a live session asks AWS."""
    store = frame.services.store
    try:
        live = store.peek(role) if role else None
        signer = (live or asking_aws.live(store, "")).role
    except StsuiError as error:
        frame.say(error.sentence, error=True)
        return

    def ask(message: str) -> None:
        frame.ask(
            lambda: asking_aws.decoded(store, signer, message),
            screen.show_answer,
            lambda error: screen.show_error(error.sentence),
        )

    screen = DecodeScreen(signer, ask)
    frame.show(screen)


def _link(catalog: Catalog, event: Event) -> str:
    role = catalog.roles.get(event.role) or catalog.roles.get(event.role.rpartition("@")[0])
    partition = parse_role_arn(role.role_arn).partition if role and role.role_arn else "aws"
    region = (role.region if role else "") or DEFAULT_REGIONS.get(partition, "us-east-1")
    return lookup_url(event, region, partition)
