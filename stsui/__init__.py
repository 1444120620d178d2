"""stsui: AWS STS sessions in a terminal. Importing it does nothing."""

__version__ = "0.1.0"
