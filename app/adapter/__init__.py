"""Drop-in modes: the ports, addresses and habits of other learning programs, in front of the same Listener."""
