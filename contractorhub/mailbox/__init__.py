"""The embedded mailbox: a local mail server that keeps what it is handed, and a page to read it on this machine."""
