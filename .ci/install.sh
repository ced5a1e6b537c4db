# Installs what the instrument needs. Sourced by start.sh and test.sh from the project's folder.
# Sets PYTHON to the interpreter of the virtual environment.
#   install_system PACKAGE...   Debian packages, where apt is there (asks sudo for it unless root)
#   install_python FILE         a requirements file, into .venv

say() { printf '%s\n' "$*" >&2; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null 2>&1; then sudo "$@"
    else say "understudy: '$*' needs root; run it yourself, then start again"; return 1
    fi
}

install_system() {
    command -v apt-get >/dev/null 2>&1 || return 0
    missing=""
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    say "understudy: installing$missing"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q >/dev/null || say "understudy: apt-get update failed; going on"
    # One name that this release does not know must not keep the others from being installed.
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $missing >/dev/null && return 0
    for package in $missing; do
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$package" >/dev/null \
            || say "understudy: no package $package here; going on without it"
    done
}

# The system's own Python where it will do; 3.13 and later only if there is no other, for they have no MIDI library yet.
find_python() {
    for newest in 12 14; do
        for name in python3 python3.12 python3.11; do
            "$name" -c "import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, $newest))" \
                2>/dev/null && { command -v "$name"; return 0; }
        done
    done
    return 1
}

install_python() {
    if ! base=$(find_python); then
        install_system python3 python3-venv
        base=$(find_python) || { install_system python3.12-venv python3.11-venv; base=$(find_python); } \
            || { say "understudy: needs Python 3.11 or 3.12 with venv; install it, then start again"; return 1; }
    fi
    [ -x .venv/bin/python ] || "$base" -m venv .venv || return 1
    PYTHON=$PWD/.venv/bin/python
    stamp=$(cat requirements.txt "$1" | cksum)
    [ "$(cat ".venv/.$1" 2>/dev/null)" = "$stamp" ] && return 0
    say "understudy: installing Python packages into .venv (some minutes the first time)"
    install_torch || return 1
    "$PYTHON" -m pip install -q --disable-pip-version-check -r "$1" || return 1
    printf '%s\n' "$stamp" >".venv/.$1"
}

# Torch's plain wheel for Linux brings gigabytes for graphics cards; training here runs on the processor.
# A wheel that pip can find locally comes first, then PyTorch's own index of CPU builds, then the usual registry.
install_torch() {
    "$PYTHON" -c 'import torch' 2>/dev/null && return 0
    [ "$(uname -s)" = Linux ] || return 0
    "$PYTHON" -m pip install -q --disable-pip-version-check --no-index --no-deps torch==2.13.0 2>/dev/null && return 0
    "$PYTHON" -m pip install -q --disable-pip-version-check --retries 1 --timeout 15 torch==2.13.0 \
        --index-url https://download.pytorch.org/whl/cpu 2>/dev/null && return 0
    say "understudy: no CPU build of torch to be had; taking the full one (several GB)"
    "$PYTHON" -m pip install -q --disable-pip-version-check torch==2.13.0
}

SCREEN_PACKAGES="libgl1 libegl1 libglib2.0-0 libdbus-1-3 libfontconfig1 libxkbcommon0 libasound2 libxkbcommon-x11-0
libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xkb1
libx11-xcb1 libportaudio2"
