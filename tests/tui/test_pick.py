"""The picker: a role by a few letters, the likeliest first, and nothing where it was left."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from stsui.tui.pick import Picker
from stsui.tui.picture import shown
from tests.worlds import Demo

SIZES = [(44, 14), (80, 24), (120, 35), (200, 50)]


@asynccontextmanager
async def picker(
    demo: Demo, query: str = "", size: tuple[int, int] = (80, 24), *, ascii_only: bool = False
) -> AsyncIterator[tuple[Picker, Pilot[str]]]:
    app = Picker(demo.services(), query, ascii_only=ascii_only)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, pilot


def rows(app: Picker) -> list[str]:
    return [line.role for line in app.list.view.lines]


async def test_what_is_current_and_live_comes_first(demo: Demo) -> None:
    store = demo.services().store
    for role in ("stg-ro", "dev-ro"):
        store.assume(role)
    store.set_current("dev-ro")
    async with picker(demo) as (app, pilot):
        assert rows(app)[:2] == ["dev-ro", "stg-ro"] and "26 of 26" in shown(app)
        await pilot.press("enter")
    assert app.return_value == "dev-ro"


async def test_letters_words_and_letters_in_between(demo: Demo) -> None:
    async with picker(demo) as (app, pilot):
        await pilot.press(*"dev adm")
        assert rows(app) == ["dev-admin"]
        await pilot.press("ctrl+u", *"pdply")
        assert rows(app) == ["prod-deploy"]
        await pilot.press("ctrl+u", *"dev")
        assert rows(app)[0].startswith("dev") and "acme-dev DEV" in shown(app)
        await pilot.press("down", "down", "up", "enter")
    assert app.return_value == rows(app)[1]


async def test_nothing_fits_and_nothing_is_taken(demo: Demo) -> None:
    async with picker(demo, "zzz") as (app, pilot):
        assert "No role fits." in shown(app) and "0 of 26" in shown(app)
        await pilot.press("enter", "pagedown", "up", "escape")
    assert app.return_value is None


@pytest.mark.parametrize("key", ["escape", "ctrl+c"])
async def test_left(demo: Demo, key: str) -> None:
    async with picker(demo) as (app, pilot):
        await pilot.press("j", key)
    assert app.return_value is None


@pytest.mark.parametrize("size", SIZES)
async def test_name_word_and_time_are_whole_at_every_size(demo: Demo, size: tuple[int, int]) -> None:
    demo.services().store.assume("prod-ro", code=demo.code(), passed="again")
    async with picker(demo, "prod-ro", size) as (app, _):
        line = next(line for line in shown(app).splitlines() if "prod-ro " in line and "role:" not in line)
        assert "PROD" in line and ("59:" in line or "1h00m" in line or "60:" in line), line
        assert "esc leave" in shown(app)


async def test_ascii_is_ascii(demo: Demo) -> None:
    demo.services().store.assume("dev-ro")
    async with picker(demo, ascii_only=True) as (app, _):
        assert shown(app).isascii()


async def test_a_hostile_name_is_shown_and_does_nothing(demo: Demo) -> None:
    name = "[/x]\\u001b]0;t\\u0007[@click=app.quit]q"
    demo.config.write_text(
        f'{demo.config.read_text()}\n[roles."{name}"]\n'
        'role_arn = "arn:aws:iam::333344445555:role/X"\nsource_profile = "ana"\n'
    )
    async with picker(demo, "[/x]", (120, 24)) as (app, pilot):
        assert "[/x]" in shown(app) and "\x1b" not in shown(app)
        await pilot.press("enter")
    assert app.return_value is not None and "\x1b" not in app.return_value


async def test_the_time_goes_on(demo: Demo) -> None:
    demo.services().store.assume("dev-ro")
    async with picker(demo, "dev-ro") as (app, pilot):
        demo.clock.pass_(600)
        app._second()
        await pilot.pause()
        assert "50:0" in shown(app) or "49:5" in shown(app)
