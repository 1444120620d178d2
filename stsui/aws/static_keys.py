"""The long-term keys of one profile, read where they stand when a call has to be signed, and kept nowhere.

botocore gives no key at all when any line of either file is broken; here that costs only its own section.
Which section and line it is, is `config`'s to say, which never holds a secret; only the line is read here.
Source: botocore/credentials.py, SharedCredentialProvider and ConfigProvider, and their order.
"""

from collections.abc import Mapping

from stsui.config import files, ini, paths, profiles
from stsui.config.ini import Section
from stsui.model.credentials import Credentials, Secret
from stsui.model.text import clean

TOKENS = ("aws_security_token", "aws_session_token")


def read(profile: str, environ: Mapping[str, str]) -> Credentials | None:
    """The keys written in a profile, of the credentials file before the config; None where there are none."""
    path = paths.aws_credentials(environ)
    text = files.read(path).text
    sections = ini.parse(text, path).by_header
    own = next((section for header, section in sections.items() if clean(header) == profile), None)
    keys = _keys(own, sections.get("DEFAULT"), text)
    if keys is not None:
        return keys
    found = paths.find(environ)
    of_config = profiles.read(found).profiles.get(profile)
    if of_config is None or of_config.config is None:
        return None
    text = files.read(found.aws_config).text
    sections = ini.parse(text, found.aws_config).by_header
    return _keys(sections.get(of_config.config.header), sections.get("DEFAULT"), text)


def _keys(section: Section | None, defaults: Section | None, text: str) -> Credentials | None:
    """The pair of one section; keys of [DEFAULT] hold for every section, as in configparser."""
    if section is None or section.error:
        return None
    lines = {**(defaults.lines if defaults else {}), **section.lines}
    if not {"aws_access_key_id", "aws_secret_access_key"} <= lines.keys():
        return None
    rows = text.split("\n")
    token = next((name for name in TOKENS if name in lines), "")
    return Credentials(
        ini.value_of(rows[lines["aws_access_key_id"] - 1]),
        Secret(ini.value_of(rows[lines["aws_secret_access_key"] - 1])),
        Secret(ini.value_of(rows[lines[token] - 1]) if token else ""),
        None,
    )
