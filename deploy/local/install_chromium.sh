#!/bin/sh
# Install Debian's Chromium, its own words in Chinese, and Chinese letters. Run as root.
set -eu
export DEBIAN_FRONTEND=noninteractive

# One at a time: test suites side by side may all find it missing.
exec 9>/run/lock/anjian-install
flock 9
apt-get update -qq
apt-get install -y -qq --no-install-recommends chromium chromium-l10n fontconfig fonts-noto-cjk
