"""The store and the sign-ins seen from afar: every root, and what will be needed when. Calls nobody."""

from collections.abc import Callable

from stsui.model.errors import StsuiError
from stsui.model.roles import Source
from stsui.model.session import Session
from stsui.sessions import login_files
from stsui.sessions.forecast import Forecast, Row, forecast
from stsui.sessions.roots import Root, roots
from stsui.sessions.sign_ins import SignIns, Standing
from stsui.sessions.store import SessionStore


class Lookout:
    """Answers from the files alone; thread-safe."""

    def __init__(self, store: SessionStore, sign_ins: SignIns, login_cache: str) -> None:
        self._store, self._sign_ins, self._login_cache = store, sign_ins, login_cache

    def standing(self, source: Source) -> Standing:
        """How the sign-in of a source stands."""
        if source.center is not None:
            return self._sign_ins.standing(source.center)
        return login_files.standing(self._login_cache, source.fingerprint, self._store.clock.now())

    def _idle_at(self, name: str, session: Session) -> float:
        limit = self._store.rules(name).idle_limit
        if not limit:
            return 0.0
        return (self._store.cache.used_at(session.key) or self._store.clock.now()) + limit

    def roots(self) -> list[Root]:
        """Every root, those that need a person first."""
        store = self._store
        return roots(
            store.catalog, store.plan, store.cache.read, self.standing, store.held(), store.clock.now()
        )

    def forecast(self, renews: Callable[[str], bool] | None = None) -> Forecast:
        """What happens to each held session, and when a person is needed.

        Args:
            renews: Whether a role is renewed by itself; as configured unless given.
        """
        store = self._store
        rows = []
        for name, session in store.held().items():
            try:
                plan = store.plan(name)
            except StsuiError:
                continue
            as_configured = store.catalog.settings.auto_refresh and plan.role.auto_refresh
            rows.append(
                Row(name, plan, renews(name) if renews else as_configured, self._idle_at(name, session))
            )
        return forecast(rows, store.cache.read, self.standing, store.clock.now())
