"""AWS as seen from the wire, in miniature; imports nothing of stsui."""
