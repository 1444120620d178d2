"""Textual, and how values look; never boto3."""
