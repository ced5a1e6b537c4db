#!/bin/sh
# Installs what the tests need, real peers included, and runs them: style, types, tests.
# Arguments are handed to pytest: ./test.sh tests/test_engine.py
set -eu
cd "$(dirname "$0")"
. ./.ci/install.sh
install_system $SCREEN_PACKAGES xvfb xauth xdotool jackd2 puredata-core supercollider-language
install_python requirements-dev.txt
export QT_QPA_PLATFORM="${QT_QPA_PLATFORM:-offscreen}" OMP_NUM_THREADS=1
"$PYTHON" -m ruff check .
"$PYTHON" -m mypy
exec "$PYTHON" -m pytest "$@"
