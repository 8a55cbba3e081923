#!/bin/sh
# Makes .venv as requirements.lock says, and makes every package of the repository importable in it.
# A second time costs nothing. Run by `make run`, `make test` and `make lint`.
set -eu
cd "$(dirname "$0")/../.."

python=${PYTHON:-python3.11}
lock=requirements.lock
done_with=.venv/requirements.lock # a copy of the lock: written last, so a broken-off setup starts over

fail() {
    echo "setup: $*" >&2
    exit 1
}

need_python() {
    "$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null ||
        fail "Python 3.11 is needed and '$python' is not it. Install it (Debian 12: apt-get install python3.11 python3-venv)" \
            "or name it: make PYTHON=/path/to/python3.11 …"
}

need_venv() {
    "$python" -c 'import venv, ensurepip' 2>/dev/null && return
    advice="this Python has no venv module; install it: apt-get install python3.11-venv"
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then fail "$advice"; fi
    echo "setup: installing python3.11-venv"
    apt-get update -qq && apt-get install -y -qq --no-install-recommends python3.11-venv >/dev/null || fail "$advice"
}

link_packages() {
    site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    for folder in "$PWD"/services/*/ "$PWD"/gateway/; do
        if [ -d "$folder" ]; then echo "${folder%/}"; fi
    done >"$site/anjian.pth.new"
    cmp -s "$site/anjian.pth.new" "$site/anjian.pth" || cp "$site/anjian.pth.new" "$site/anjian.pth"
    rm -f "$site/anjian.pth.new"
}

if ! { cmp -s "$lock" "$done_with" && .venv/bin/python -c '' 2>/dev/null; }; then
    need_python
    need_venv
    .venv/bin/python -c 'import pip' 2>/dev/null || "$python" -m venv --clear .venv
    echo "setup: installing what $lock lists into .venv"
    .venv/bin/python -m pip install -qq --disable-pip-version-check --requirement "$lock"
    cp "$lock" "$done_with"
fi
link_packages
.venv/bin/python gateway/assets/build.py
