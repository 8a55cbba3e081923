#!/bin/sh
# Install Debian's rabbitmq-server without starting the broker it would run for the whole machine: we only want its
# programs. Run as root.
set -eu
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d

# One at a time: test suites side by side may all find it missing.
exec 9>/run/lock/anjian-install
flock 9
if [ -x /usr/sbin/rabbitmq-server ]; then exit 0; fi

if [ ! -e "$policy" ]; then
    # dpkg asks this file before it starts a service: 101 means no.
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
    trap 'rm -f "$policy"' EXIT
fi
apt-get update -qq
apt-get install -y -qq --no-install-recommends rabbitmq-server
# Nor shall it come up with the machine.
if command -v systemctl >/dev/null; then systemctl disable --quiet rabbitmq-server 2>/dev/null || true; fi
