"""Each folder imports only folders below it; the imports are read from the syntax trees, types included."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "stsui"
MAY_IMPORT = {
    "model": set(),
    "config": {"model"},
    "sessions": {"model", "config"},
    "handover": {"model", "config"},
    "aws": {"model", "config", "sessions", "handover"},
    "server": {"model", "config", "sessions", "handover"},
    "tui": {"model", "config", "sessions", "handover", "help", "first_frame", "answer"},
    "help": set(),
    "answer": {"cli", "first_frame"},
    "first_frame": {"answer", "__init__"},
    "cli": {
        "answer",
        "model",
        "config",
        "sessions",
        "handover",
        "aws",
        "server",
        "tui",
        "wiring",
        "demo",
        "help",
    },
    "wiring": {"model", "config", "sessions", "handover", "aws", "server"},
    "demo": set(),
    "__main__": {"answer"},
    "api": {"model", "config", "sessions", "wiring"},
    "__init__": {"api"},
}
"""Room → rooms it may import beside itself."""
STANDARD_ONLY = {"model", "config", "sessions", "handover", "server", "help", "demo"}
LIBRARIES = {
    "boto3": {"aws", "api"},  # api names what it gives
    "botocore": {"aws"},
    "textual": {"tui"},
    "rich": {"tui"},
    "tomli_w": {"config"},
    "platformdirs": {"config"},
}
"""Third-party package → rooms that may know it."""
FILES = sorted(ROOT.rglob("*.py"))


def _imports(path: Path) -> list[tuple[str, bool]]:
    """Every module a file imports, with whether it does so at import time (not inside a function)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, id(node) not in inside) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the room"
            names = (
                [f"{node.module}.{alias.name}" for alias in node.names]
                if node.module == "stsui"
                else [node.module]
            )
            found += [(name or "", id(node) not in inside) for name in names]
    return found


def _room(path: Path) -> str:
    relative = path.relative_to(ROOT)
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_room_imports_only_rooms_below_it(path: Path) -> None:
    room = _room(path)
    for name, _ in _imports(path):
        parts = name.split(".")
        if parts[0] == "stsui" and len(parts) > 1 and parts[1] != "__version__":
            assert parts[1] == room or parts[1] in MAY_IMPORT[room], f"{room} must not import {name}"
        elif parts[0] in LIBRARIES:
            assert room in LIBRARIES[parts[0]], f"{room} must not know {parts[0]}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_importing_a_lower_room_needs_only_the_standard_library(path: Path) -> None:
    room = _room(path)
    if room in STANDARD_ONLY:
        outside = [
            name for name, at_import in _imports(path) if at_import and name.split(".")[0] in LIBRARIES
        ]
        assert not outside, f"{room} imports {outside} before a function needs it"


def test_no_import_goes_round_in_a_circle() -> None:
    below: dict[str, set[str]] = {}
    for path in FILES:
        module = ".".join(("stsui", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__")
        below[module] = {
            name for name, at_import in _imports(path) if at_import and name.startswith("stsui.")
        }
    done: set[str] = set()

    def walk(module: str, way: tuple[str, ...]) -> None:
        assert module not in way, " > ".join((*way, module))
        if module not in done:
            for name in below.get(module, ()):
                walk(name, (*way, module))
            done.add(module)

    for module in below:
        walk(module, ())


def test_every_module_says_what_is_in_it() -> None:
    silent = [str(p) for p in FILES if not ast.get_docstring(ast.parse(p.read_text(encoding="utf-8")))]
    assert not silent


def test_secrets_are_revealed_only_where_they_have_to_be() -> None:
    may = {
        "aws/lent.py",
        "aws/refreshing.py",
        "aws/console.py",
        "aws/iam.py",
        "cli/console.py",
        "aws/organizations.py",
        "aws/sso.py",
        "aws/sign_in.py",
        "sessions/kept.py",
        "sessions/tokens.py",
        "handover/environ.py",
        "handover/formats.py",
        "model/credentials.py",
        "tui/handing_over.py",
    }
    revealing = {
        str(p.relative_to(ROOT))
        for p in FILES
        if ".reveal(" in p.read_text(encoding="utf-8") or "def reveal" in p.read_text(encoding="utf-8")
    }
    assert revealing <= may, revealing - may
