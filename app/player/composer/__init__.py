"""The Composer: neural models trained on folders of MIDI files stream polyphonic notes."""
