"""What things are; values, no files, no clock."""
