"""The network: one module a channel, all behind one port."""
