"""What the app saves goes to conf.d, is there at the next start, and can be taken back."""

import os

from tests.tui.boards import board
from tests.worlds import Demo


def _conf(demo: Demo) -> dict[str, str]:
    directory = demo.config.parent / "conf.d"
    return {path.name: path.read_text() for path in directory.glob("*")} if directory.is_dir() else {}


async def test_a_pin_is_there_at_the_next_start(demo: Demo) -> None:
    config = demo.config.read_text()
    async with board(demo, (80, 24)) as it:
        await it.go_to("dev-ro")
        await it.press("p")
        assert it.app.board.list.role == "dev-ro" and it.app.board.list.line.group == "\0pinned"
        await it.until(lambda: not it.app.state.pins and it.app.state.pinned("dev-ro"))
    assert demo.config.read_text() == config and list(_conf(demo)) == ["zz-board.toml"]
    async with board(demo, (80, 24)) as it:
        assert any(
            line.role == "dev-ro" and line.group == "\0pinned" for line in it.app.board.list.view.lines
        )


async def test_u_takes_back_one_change_after_the_other(demo: Demo) -> None:
    async with board(demo) as it:
        await it.press("u")
        await it.sees("Nothing was saved since stsui was started.")
        await it.go_to("dev-ro")
        await it.press("p", "a")
        await it.until(lambda: len(it.app.state.changes) == 2 and not it.app.state.auto)
        assert it.app.state.pinned("dev-ro") and not it.app.state.renews("dev-ro")
        await it.press("u")
        await it.sees("Undone: auto-renew of dev-ro.")
        await it.until(lambda: it.app.state.renews("dev-ro"))
        assert it.app.state.pinned("dev-ro")
        await it.press("u")
        await it.until(lambda: not it.app.state.pinned("dev-ro"))
        assert not _conf(demo)


async def test_what_cannot_be_saved_holds_until_the_end_and_is_said(demo: Demo) -> None:
    (demo.config.parent / "conf.d").write_text("a file in the way")
    async with board(demo) as it:
        await it.go_to("dev-ro")
        await it.press("p")
        await it.sees("cannot")
        assert it.app.state.pinned("dev-ro") and not it.app.state.changes
        await it.press("ctrl+r")
        await it.sees("Read the config")
        assert it.app.state.pinned("dev-ro")


async def test_a_pin_goes_where_the_role_of_ours_stands(demo: Demo) -> None:
    from stsui.config.user_config_edit import write_entry

    conf = demo.config.parent / "conf.d"
    role = {"role_arn": "arn:aws:iam::333344445555:role/ReadOnly", "source_profile": "ana"}
    write_entry(conf, "roles", {"roles": {"mine": role}})
    (conf / "yours.toml").write_text('# by hand\n[roles.yours]\nsession_of = "ana"\n')
    async with board(demo) as it:
        for name in ("mine", "yours"):
            await it.go_to(name)
            await it.press("p")
            await it.until(lambda name=name: not it.app.state.pins and it.app.state.pinned(name))
    files = _conf(demo)
    assert "pin = true" in files["roles.toml"] and "mine" not in files["zz-board.toml"]
    assert files["yours.toml"].startswith("# by hand") and "yours" in files["zz-board.toml"]
    assert all(oct(os.stat(conf / name).st_mode)[-3:] == "600" for name in ("roles.toml", "zz-board.toml"))
