"""Files made from the program's own tables: man page, JSON schema, completion, tables of the help topics.

`.venv/bin/python -m shipped` writes them; a test says when one is not what it would be now.
"""
