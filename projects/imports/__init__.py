"""Pure readers of hours and roster files: bytes in, typed rows and plain-word row errors out."""
