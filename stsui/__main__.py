"""`python -m stsui` is `stsui`."""

from stsui.cli.main import entry

if __name__ == "__main__":
    entry()
