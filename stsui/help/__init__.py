"""Topics of `stsui help`: one Markdown file each, whose first line says what it is about."""
