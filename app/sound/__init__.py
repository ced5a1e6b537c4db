"""The built-in synthesiser: tables, voices and the instrument that plays them.

It lives in its own process (`app.synth`), so nothing here is imported by the engine or the window.
"""
