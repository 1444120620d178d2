"""What the files say could be; standard library, platformdirs, tomli-w."""
