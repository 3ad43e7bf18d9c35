#!/usr/bin/env bash
# Builds the bridge for a Decant that came as a package, where there is no ./decant: into the user's cache, where every Decant looks.
# DECANT_LIBTORCH and DECANT_NO_INSTALL are those of ./decant.
set -u
native=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd) || exit 3
root=${native%/native}
system=${DECANT_SYSTEM_ROOT:-/usr}
cache=${XDG_CACHE_HOME:-${HOME:?}/.cache}/decant
builds=$cache/builds
state=$cache

# shellcheck source=native/setup.sh
. "$native/setup.sh"
mkdir -p "$state/log" || exit 3
find_libtorch
install_what_is_missing && check_version && build_bridge || exit 3
ln -sfn builds/current "$cache/bridge"
say "the bridge is $cache/bridge/libdecant_bridge.so"
