"""The Follower: a live-coded sequencer whose parts learn what was played to them."""
