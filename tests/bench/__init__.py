"""How fast it is: `python -m tests.bench`. Figures are ratios within one run; nothing here is a test."""
