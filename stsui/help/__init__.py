"""Help beyond one screen: a Markdown file for each topic, beside this one.

`stsui help TOPIC` prints them, and every line of shell in them is run by the tests against the demo.
"""

import os
from collections.abc import Mapping

TOPICS: Mapping[str, str] = {
    "start": "from nothing to a role in another shell",
    "sources": "where roles and their first credentials come from",
    "moving": "from granted, aws-vault, awsume, aws-sso-cli or Leapp",
    "mfa": "codes: one for many roles, hardware keys, programs that print them",
    "hand-over": "every way a session leaves stsui: shells, files, programs, browser",
    "slots": "live shells: renewed under you, pointed elsewhere, cut off",
    "guards": "production asks first; less than the whole role; who had what",
    "forecast": "what happens at zero, and when you are needed next",
    "configuration": "files, every setting, conf.d, an editor that knows the keys",
    "keys": "every key of the board, and how to move one",
    "clients": "which program takes which way; containers",
    "python": "a boto3 session for scripts",
    "security": "each threat, what stsui does about it, what it cannot do",
    "reliability": "what is promised under crowds, kills and bad clocks, as measured",
    "troubleshooting": "what a sentence of stsui means, and what to put into a report",
    "accessibility": "screen readers, colour, small and plain terminals",
}
"""In the order in which they are read. What each is about, as the end of "stsui help …:"."""


def text(topic: str) -> str:
    """The topic as Markdown; it begins with its title.

    Raises:
        KeyError: There is no such topic.
    """
    if topic not in TOPICS:
        raise KeyError(topic)
    with open(os.path.join(os.path.dirname(__file__), f"{topic}.md"), encoding="utf-8") as file:
        return file.read()
