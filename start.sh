#!/bin/sh
# Installs what is missing (system packages on Debian and Ubuntu, a virtual environment), then starts the instrument.
# Options are handed on: ./start.sh --help
set -eu
cd "$(dirname "$0")"
. ./.ci/install.sh
install_system $SCREEN_PACKAGES
install_python requirements.txt
exec "$PYTHON" main.py "$@"
