"""An Identity Center that is not known yet: asked for, signed in to, and only then written."""

from functools import partial

from stsui.config import new_center
from stsui.config.user_config_edit import write_entry
from stsui.tui.deeds import signing
from stsui.tui.deeds.assigned import look_around
from stsui.tui.frame import Frame
from stsui.tui.screens.center import CenterScreen, Typed


def new(frame: Frame, role: str) -> None:
    """Its address, then the sign-in; its accounts and roles are listed once it is written."""
    catalog = frame.services.catalog
    roles = [*catalog.roles.values(), *catalog.sources.values()]
    regions = dict.fromkeys([*(c.region for c in catalog.sso.values()), *(r.region for r in roles)])
    known = catalog.sso

    def offered(start_url: str) -> tuple[str, str]:
        try:
            url = new_center.address(start_url)
        except ValueError:
            return "", ""
        return new_center.region_of(url), new_center.name_of(url)

    def typed(typed: Typed) -> None:
        center = new_center.made(known, *typed)
        conf_dir = catalog.paths.conf_dir
        write = partial(write_entry, conf_dir, new_center.FILE, new_center.table(center))

        said = f"Wrote [sso.{center.name}] to conf.d/{new_center.FILE}.toml. u takes it back."

        def write_it() -> None:
            frame.save(f"Identity Center {center.name}", [new_center.FILE], write, lambda: frame.say(said))

        if frame.services.sign_ins.standing(center).signed_in:
            write_it()
            look_around(frame, center, asked=False, signed_in=True)
        else:
            signing.sign_in(frame, center, then=write_it)

    screen = CenterScreen(
        [region for region in regions if region], lambda t: new_center.verdicts(known, *t), offered
    )
    frame.show(screen, typed)
