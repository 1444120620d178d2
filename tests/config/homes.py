"""A home directory of files, as an environment for `catalog.load`."""

from collections.abc import Mapping
from pathlib import Path

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
KEYS = f"aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = {SECRET}\n"
ARN = "arn:aws:iam::111122223333:role/Admin"


def make(
    directory: Path,
    *,
    config: str | bytes | None = None,
    credentials: str | bytes | None = None,
    toml: str | bytes | None = None,
    conf: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Writes what is given below `directory`; the environment that finds it."""
    for name, content in (
        (".aws/config", config),
        (".aws/credentials", credentials),
        (".config/stsui/config.toml", toml),
        *((f".config/stsui/conf.d/{name}", text) for name, text in (conf or {}).items()),
    ):
        if content is None:
            continue
        file = directory / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return {"HOME": str(directory)}
