"""Commands that start and stop the server of live shells."""

from stsui.tui.frame import Frame
from stsui.tui.rows import short_clock
from stsui.tui.screens.confirm import ConfirmScreen
from stsui.tui.services import Running


def start(frame: Frame, role: str) -> None:
    """Where it runs already, that is said."""

    def runs(server: Running) -> None:
        since = short_clock(server.since)
        frame.say(f"The credential server runs on 127.0.0.1:{server.port} since {since}.")

    frame.ask(lambda: frame.services.live.ensure(), runs)


def stop(frame: Frame, role: str) -> None:
    """After a yes, for shells live by it."""
    body = ["Slots stay, and are served when it is started again."]
    if frame.state.shells:
        said = f"{frame.state.unserved} until then; what they have lives until it expires."
        body.insert(0, said)

    def stopped(ran: bool) -> None:
        frame.say("The credential server is stopped." if ran else "The credential server did not run.")

    screen = ConfirmScreen("Stop the credential server ", body, "Stop it", "Keep it")
    frame.show(screen, lambda yes: frame.ask(lambda: frame.services.live.stop(), stopped))
