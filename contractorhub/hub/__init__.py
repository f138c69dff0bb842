"""The helpers of the `hub` command: how one command prepares, starts and ends every part of the embedded default."""
