"""The loopback credential server: slots over the container credentials protocol; standard library alone."""
