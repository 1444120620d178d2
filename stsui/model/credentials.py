"""The four values that STS lends, and the one type that holds what must not be seen."""

from typing import NamedTuple, NoReturn

from stsui.model.text import masked_key_id


class Secret:
    """A text that shows as stars wherever text is made of it; `reveal` is the only way to it.

    `reveal` is called by the cache, the hand-over formats and `aws` alone (a test says so).
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The secret itself."""
        return self._value

    def __repr__(self) -> str:
        return "********"

    __str__ = __repr__

    def __format__(self, format_spec: str) -> str:
        return "********"

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return False
        import hmac  # it loads OpenSSL, which a cached answer does without

        return hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled or copied into other forms")


class Credentials(NamedTuple):
    """Credentials of AWS: temporary with an expiration, or long-term without token and expiration."""

    access_key_id: str
    secret_access_key: Secret
    session_token: Secret
    """Empty for long-term keys."""
    expiration: int | None
    """Unix time in whole seconds, as AWS gave it; None for long-term keys."""

    @property
    def temporary(self) -> bool:
        """Whether they came from STS; every hop from them is capped by the chaining rule."""
        return bool(self.session_token)

    def __repr__(self) -> str:
        return f"Credentials({masked_key_id(self.access_key_id)}, ********, expiration={self.expiration})"
