"""The key that opens the import wizard, and what it writes."""

import os
from collections.abc import Callable, Sequence
from functools import partial

from stsui.config import importing
from stsui.config.catalog import Catalog
from stsui.config.centers import shows_nothing
from stsui.config.import_sources import Offer, from_aws, from_center, from_file
from stsui.config.importing import Review
from stsui.config.other_tools import TOOLS, from_tool
from stsui.config.paths import with_tilde
from stsui.config.user_config_edit import write_entry
from stsui.model.assigned import Assigned
from stsui.model.errors import SignInRequired, StsuiError
from stsui.model.roles import Center
from stsui.tui.choosing import Named, Ways, Written
from stsui.tui.deeds import signing
from stsui.tui.frame import Frame
from stsui.tui.messages import Came
from stsui.tui.screens.choices import Choice
from stsui.tui.screens.import_roles import FILE, MORE, ImportScreen

AWS, TOOL = "aws", "tool "
PROGRESS = 5
"""Accounts between two words of how far a look has come."""


def wizard(frame: Frame, role: str) -> None:
    """Where from, which roles, the very lines; nothing is written before the last step."""
    catalog = frame.services.catalog
    profiles = sum(role.from_aws_files for role in (*catalog.roles.values(), *catalog.sources.values()))
    where = with_tilde(catalog.paths.aws_config, frame.services.environ)
    sources = [Choice(AWS, f"{where}   {profiles} profiles", "1")]
    for n, center in enumerate(catalog.sso.values(), 2):
        signed_in = frame.services.sign_ins.standing(center).signed_in
        state = "signed in" if signed_in else "signed out: you are asked to sign in first"
        sources.append(Choice(f"sso {center.name}", f"Identity Center {center.name}   {state}", f"{n}"))
    sources.append(Choice(FILE, "A TOML file that a team shares", f"{len(sources) + 1}"))
    sources.append(Choice(MORE, f"Another tool: {', '.join(TOOLS)}", f"{len(sources) + 1}"))
    tools = [Choice(f"{TOOL}{tool}", tool, f"{n}") for n, tool in enumerate(TOOLS, 1)]
    ways = Ways(
        lambda source: _load(frame, screen, source),
        Named(partial(_account, catalog), partial(_word, catalog), frame.state.masked),
        lambda title: with_tilde(title, frame.services.environ),
    )
    screen = ImportScreen(sources, ways, tools)

    def chosen(written: Written | None) -> None:
        if written is not None:
            _write(frame, written)

    frame.show(screen, chosen)


def _account(catalog: Catalog, account_id: str) -> str:
    account = catalog.accounts.get(account_id)
    return account.name if account else ""


def _word(catalog: Catalog, account_id: str) -> str:
    account = catalog.accounts.get(account_id)
    return account.environment if account else ""


def _load(frame: Frame, screen: ImportScreen, source: str) -> None:
    """Reads a source beside the screen; one that wants a sign-in asks for it and reads again."""
    services = frame.services

    def read() -> tuple[Review, Sequence[str]]:
        offer = _offer(frame, source, screen.reads)
        return importing.review(services.catalog, offer, services.imported(offer.file)), offer.notes

    def failed(error: StsuiError) -> None:
        center = _center(frame, source)
        if isinstance(error, SignInRequired) and center is not None:
            screen.fails(error.sentence)
            signing.sign_in(frame, center, then=lambda: _load(frame, screen, source))
        else:
            screen.fails(error.sentence)

    frame.ask(read, lambda read: screen.show_review(*read), failed)


def _offer(frame: Frame, source: str, reads: Callable[[str], None]) -> Offer:
    services = frame.services

    def told(_: Assigned, done: int, total: int) -> None:
        if done % PROGRESS == 0:
            frame.app.post_message(Came(partial(reads, f"Looking for roles: {done} of {total} accounts")))

    if source == AWS:
        return from_aws(services.environ, services.catalog)
    if source.startswith(TOOL):
        return from_tool(source.removeprefix(TOOL), services.environ, services.catalog)
    center = _center(frame, source)
    if center is None:
        return from_file(os.path.expanduser(source))
    services.discover(center, told)
    found = services.found(center)
    if not found.accounts:
        raise StsuiError(shows_nothing(center))
    return from_center(center, found)


def _center(frame: Frame, source: str) -> Center | None:
    return signing.named(frame, source.removeprefix("sso ")) if source.startswith("sso ") else None


def _write(frame: Frame, written: Written) -> None:
    services, review = frame.services, written.review
    known = services.imported(review.file)
    count = len(written.chosen)

    def wrote() -> None:
        services.remember_imported(review.file, importing.recorded(review, written.chosen, known))
        frame.say(f"Wrote conf.d/{review.file}.toml. u takes it back.")

    conf_dir = services.catalog.paths.conf_dir
    what = f"import of {count} role{'' if count == 1 else 's'}"
    frame.save(what, [review.file], partial(write_entry, conf_dir, review.file, written.table), wrote)
