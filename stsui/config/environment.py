"""The environment word that an account's name suggests, where none is configured."""

import re

WORDS = {
    "prod": "PROD",
    "prd": "PROD",
    "live": "PROD",
    "production": "PROD",
    "stage": "STAGE",
    "stg": "STAGE",
    "staging": "STAGE",
    "dev": "DEV",
    "development": "DEV",
}
_PARTS = re.compile(r"[a-z]+|[A-Z]+(?![a-z])|[A-Z][a-z]+")


def guessed(account_name: str) -> str:
    """PROD, STAGE, DEV or empty; the most careful word where several fit (`prod-dev-tools` is PROD)."""
    parts = {part.lower() for part in _PARTS.findall(account_name)}
    found = {WORDS[part] for part in parts if part in WORDS}
    return next((word for word in ("PROD", "STAGE", "DEV") if word in found), "")
