"""The Listener: features in, labels and values out, learnt from examples."""
