"""What is given out: variables and formats."""
