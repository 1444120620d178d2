"""The door: an answer that was finished before and is still good, printed before anything else is imported.

An ordinary run of `export`, `credential-process` or `status` leaves two small private files: a ticket, found
by the command line and the environment, with the stat of every file that the answer depends on; and, beside
the session, the very bytes that it printed, with the time from which the session is due for renewal. While
all of that holds, a later run prints the same bytes. Whatever differs, is missing or cannot be understood
goes the ordinary way, which alone decides, writes and explains.

Only what the interpreter has loaded anyway is imported here. `cli/finished.py` writes what is read here.
"""

import os
import sys
import time

WORDS = frozenset({"credential-process", "export", "status"})
SCHEMA = "stsui answer 1"
END = "end"
"""A ticket without it was cut off, and conditions with it."""
NAMES = (
    "HOME",
    "LOGNAME",
    "SHELL",
    "USER",
    "USERNAME",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_RUNTIME_DIR",
    "XDG_STATE_HOME",
    "AWS_ACCOUNT_ID",
    "AWS_CA_BUNDLE",
    "AWS_CONFIG_FILE",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CREDENTIAL_FILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_DEFAULT_REGION",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_STS",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_PROFILE",
    "AWS_REGION",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "STSUI_ACCOUNT",
    "STSUI_CONFIG",
    "STSUI_ENVIRONMENT",
    "STSUI_RESTORE",
    "STSUI_ROLE",
)
"""Every variable that an answer is made of. No other one is written down: there may be secrets among them."""
FILES = ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "STSUI_CONFIG")
LARGEST = 262_144
SELDOM = 50_000
"""New objects between two looks for garbage: few enough that what lasts all day stays small."""
CLOCK_SLACK = 2
"""Seconds that the wall clock and the boot clock may drift apart before the ordinary way has to look."""


def main() -> int:
    """The console script."""
    argv = sys.argv[1:]
    if argv and argv[0] in WORDS:
        try:
            printed = _print_finished(argv)
        except (OSError, ValueError, IndexError):
            printed = False
        if printed:
            return 0
    import gc

    # What a command loads and reads stays until its end, and is not worth looking through again and again.
    gc.set_threshold(SELDOM)
    if not argv:
        from stsui import first_frame

        first_frame.show()
    from stsui.cli.main import main as ordinary

    return ordinary(argv)


def _print_finished(argv: list[str]) -> bool:
    """Whether a finished answer was printed; nothing was written where it was not."""
    environ = os.environ
    directory, given = answers_directory(environ), conditions(environ)
    name = ticket_name(argv, given)
    if not directory or not name:
        return False
    head, place, *needs, end = read_private(f"{directory}/{name}").decode().split("\n")
    if head != f"{SCHEMA}\x1f{given}" or end != END or not all(holds(need) for need in needs):
        return False
    content = read_private(place)
    first, _, rest = content.partition(b"\n")
    renew_at, wall_at, boot_at, data_size, speech_size, session = first.decode().split(" ", 5)
    size = int(data_size)
    now = time.time()
    moved = (boot_clock() - float(boot_at)) - (now - float(wall_at))
    if not now < float(renew_at) or abs(moved) > CLOCK_SLACK or not holds(session):
        return False
    if len(rest) != size + int(speech_size):
        return False
    data, speech = rest[:size].decode(), rest[size:].decode()
    return _give(filled(data, now).encode(), filled(speech, now).encode())


def _give(data: bytes, speech: bytes) -> bool:
    written = os.write(1, data) if data else 0
    # From here on the ordinary way would print it twice.
    try:
        while written < len(data):
            written += os.write(1, data[written:])
        if speech:
            os.write(2, speech)
    except OSError:
        if written < len(data):
            os._exit(4)
    return True


def holds(need: str) -> bool:
    """Whether a file still is what it was, or the parent the same shell."""
    kind, _, rest = need.partition(" ")
    was, _, about = rest.partition(" ")
    if kind == "file":
        return stamp(about) == was
    if kind == "parent":
        return parent_name() == about
    if kind == "output":
        return not os.isatty(1)
    if kind == "runs":
        return runs(int(about))
    return kind == ""


def answers_directory(environ: "os._Environ[str] | dict[str, str]") -> str:
    """Where tickets lie, as `config.paths` says; empty where only that can say."""
    if os.name != "posix":
        return ""
    runtime = environ.get("XDG_RUNTIME_DIR", "")
    if runtime[:1] == "/" and os.path.isdir(runtime):
        return f"{runtime}/stsui/answers"
    cache, home = environ.get("XDG_CACHE_HOME", ""), environ.get("HOME", "")
    if cache[:1] == "/":
        return f"{cache}/stsui/answers"
    if sys.platform == "darwin" or not home:
        return ""
    return f"{home}/.cache/stsui/answers"


def conditions(environ: "os._Environ[str] | dict[str, str]") -> str:
    """What of the environment an answer depends on, in one line; empty where that is more than its values."""
    if "STSUI_SLOT" in environ or not all(is_fixed(environ.get(name) or "/") for name in FILES):
        return ""
    values = [f"{name}={environ[name]}" for name in NAMES if name in environ]
    text = "\x1f".join([os.uname().nodename, *values])
    # A line end would be another line of the ticket, and a URL with a name in it may have a password too.
    return "" if "\n" in text or ("://" in text and "@" in text) else text


def is_fixed(path: str) -> bool:
    """Whether it names the same file in every directory and whatever other variables say."""
    return path.startswith(("/", "~/")) and "$" not in path


def ticket_name(argv: list[str], given: str) -> str:
    """The ticket's file name; empty for a command line that is never kept."""
    words = " ".join(argv).replace("%", "%25").replace("/", "%2F")
    if not given or "" in argv or len(words) > 150 or not words.isascii() or not words.isprintable():
        return ""
    number = 0x811C9DC5  # FNV-1a, enough to keep terminals apart; the ticket holds the whole text
    for byte in given.encode("utf-8", "surrogateescape"):
        number = (number ^ byte) * 0x01000193 & 0xFFFFFFFF
    return f"{words}.{number:08x}"


def stamp(path: str) -> str:
    """Changes whenever the file does; `-` while there is none."""
    try:
        facts = os.stat(path)
    except (OSError, ValueError):
        return "-"
    return f"{facts.st_mtime_ns}.{facts.st_ctime_ns}.{facts.st_size}.{facts.st_ino}"


def read_private(path: str) -> bytes:
    """A regular file that is ours and closed to others.

    Raises:
        OSError, ValueError: It is not there, or not that.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        facts = os.fstat(handle)
        if facts.st_mode & 0o170077 != 0o100000 or facts.st_uid != os.geteuid() or facts.st_size > LARGEST:
            raise ValueError
        return os.read(handle, LARGEST)
    finally:
        os.close(handle)


def parent_name() -> str:
    """The program that called us, where the system says."""
    try:
        with open(f"/proc/{os.getppid()}/comm", "rb") as file:
            return file.read().decode("utf-8", "replace").strip()
    except OSError:
        return ""


def runs(pid: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def boot_clock() -> float:
    """Seconds since the computer started, asleep or not."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


def filled(template: str, now: float) -> str:
    """A text with its times; the places for them, between unit separators, are made by `cli.times`."""
    parts = template.split("\x1f")
    for n in range(1, len(parts), 2):
        kind, moment, *text = parts[n].split(":", 2)
        at = float(moment)
        if kind == "left":
            parts[n] = countdown(at - now)
        elif kind == "until":
            parts[n] = until(at, now)
        else:
            parts[n] = text[0] if now >= at else ""
    return "".join(parts)


def countdown(seconds: float) -> str:
    """As `model.durations.countdown`, which is not loaded here."""
    left = max(0, int(seconds))
    if left >= 36_000:
        return f"{left // 3_600}h"
    if left >= 3_600:
        return f"{left // 3_600}h{left % 3_600 // 60:02d}m"
    return f"{left // 60}:{left % 60:02d}"


def until(at: float, now: float) -> str:
    """As `cli.describe.until`."""
    end = time.localtime(at)
    return time.strftime("%H:%M" if end[:3] == time.localtime(now)[:3] else "%Y-%m-%d %H:%M", end)
