"""Boto3, and how its answers and errors become model values."""
