"""What `stsui doctor` looks at: each room of it a function that gives findings and changes nothing."""
