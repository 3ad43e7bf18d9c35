# shellcheck shell=bash disable=SC2154 # root, native, builds, state, system and dotnet are the caller's
# Read by ./decant and bridge.sh. Each step is skipped when it is done, so that a run that broke goes on where it broke.
# Exit code 3: the machine lacks something.

say() { printf '%s\n' "decant: $*" >&2; }
fail() { printf '%s\n' "decant: $*" >&2; return 3; }

set_up() {
  check_path || return $?
  check_dotnet || return $?
  if ! mkdir -p "$state/log" 2>/dev/null || ! [ -w "$root" ]; then
    fail "cannot write in $root: the first run builds there. Make the clone writable for $(id -un), or clone it elsewhere."
    return 3
  fi
  exec 9>"$state/lock"
  if ! flock -n 9; then
    say "another decant is setting up this clone; waiting for it"
    flock 9
  fi
  touch "$state/started"
  find_libtorch
  install_what_is_missing || return $?
  check_version || return $?
  build_bridge || return $?
  build_program || return $?
  made_for >"$state/ready"
  touch -r "$state/started" "$state/ready" # what was saved while this built is newer
  exec 9>&-
}

check_path() {
  case $root in
    *[\"\;\\]*)
      fail "cannot build in $root: CMake and the C# compiler take the characters \" ; \\ in a path for signs of their own. Move the clone to a folder with none of them in its path."
      return 3
      ;;
  esac
}

check_dotnet() {
  if [ -z "$dotnet" ]; then
    fail "the .NET 10 SDK is missing: no 'dotnet' on PATH, in DOTNET_ROOT or in ~/.dotnet. Get it from https://dotnet.microsoft.com/download/dotnet/10.0 and run this again."
  elif ! "$dotnet" --list-sdks | grep -q '^10\.'; then
    fail "the .NET 10 SDK is missing: $dotnet has $("$dotnet" --list-sdks | cut -d' ' -f1 | paste -sd, - | sed 's/^$/no SDK/'). Get it from https://dotnet.microsoft.com/download/dotnet/10.0 and run this again."
  fi
}

# Sets torch_name, torch_include (;-separated), torch_lib and torch_from; leaves torch_name empty when there is none. In order: DECANT_LIBTORCH, the torch of an active Python, the system's.
find_libtorch() {
  torch_name=
  if [ -n "${DECANT_LIBTORCH:-}" ]; then
    use_folder "$DECANT_LIBTORCH" && return 0
    fail "DECANT_LIBTORCH is $DECANT_LIBTORCH, but there is no include/ATen/ATen.h and lib/libtorch_cpu.so in it. Point it at an unpacked libtorch or at site-packages/torch."
    exit 3
  fi
  use_python || use_system
}

use_folder() {
  [ -f "$1/include/ATen/ATen.h" ] && [ -f "$1/lib/libtorch_cpu.so" ] || return 1
  torch_include="$1/include;$1/include/torch/csrc/api/include"
  torch_lib=$1/lib
  torch_name=$(printf '%s' "$1" | cksum | cut -d' ' -f1)
  torch_from=$1
}

use_python() {
  local python folder
  for python in "${VIRTUAL_ENV:-/nowhere}/bin/python" "${CONDA_PREFIX:-/nowhere}/bin/python" python3; do
    command -v "$python" >/dev/null 2>&1 || continue
    folder=$("$python" -c 'import importlib.util as u, os; s = u.find_spec("torch"); print(os.path.dirname(s.origin) if s and s.origin else "")' 2>/dev/null)
    [ -n "$folder" ] && use_folder "$folder" && return 0
  done
  return 1
}

use_system() {
  local lib
  [ -f "$system/include/ATen/ATen.h" ] || return 1
  for lib in "$system/lib/$(uname -m)-linux-gnu" "$system/lib64" "$system/lib"; do
    if [ -e "$lib/libtorch_cpu.so" ]; then
      torch_include="$system/include;$system/include/torch/csrc/api/include"
      torch_lib=$lib
      torch_name=system
      torch_from=$lib
      return 0
    fi
  done
  return 1
}

install_what_is_missing() {
  local missing=()
  if [ -z "$torch_name" ]; then
    say "libtorch, the engine that Decant computes with, was not found (DECANT_LIBTORCH, the active Python's torch, the system)."
    missing=(libtorch-dev libopenblas0-pthread libgloo-dev g++ make cmake)
  else
    # libtorch-dev alone brings the reference BLAS, which is many times slower.
    [ "$torch_name" = system ] && is_debian && ! has_library 'libopenblas|libmkl_rt' && missing+=(libopenblas0-pthread)
    command -v g++ >/dev/null 2>&1 || missing+=(g++)
    command -v cmake >/dev/null 2>&1 || missing+=(cmake)
    command -v make >/dev/null 2>&1 || missing+=(make) # cmake only recommends it
  fi
  # NuGet trusts no server without them; they bring OpenSSL along.
  if is_debian && [ ! -e /etc/ssl/certs/ca-certificates.crt ] && [ -z "${SSL_CERT_FILE:-}${SSL_CERT_DIR:-}" ] && [ ! -f "$root/src/Decant.Cli/obj/project.assets.json" ]; then
    missing+=(ca-certificates)
  fi
  [ ${#missing[@]} -gt 0 ] || return 0
  install "what Decant computes with and is built by" "${missing[@]}" || return $?
  [ -n "$torch_name" ] || find_libtorch
  [ -n "$torch_name" ] || fail "libtorch-dev was installed, but its headers and libraries were not found under $system. Set DECANT_LIBTORCH to an unpacked libtorch."
}

is_debian() { command -v dpkg-query >/dev/null 2>&1; }

# ldconfig stands where an ordinary user's PATH does not lead.
has_library() { PATH=$PATH:/usr/sbin:/sbin ldconfig -p 2>/dev/null | grep -qE "$1"; }

# Sets torch_version.
check_version() {
  local header
  for header in "${torch_include%%;*}"/torch/headeronly/version.h "${torch_include%%;*}"/torch/version.h "${torch_include##*;}"/torch/version.h; do
    [ -f "$header" ] && break
  done
  torch_version=$(sed -nE 's/^#define TORCH_VERSION_(MAJOR|MINOR) ([0-9]+).*/\2/p' "$header" 2>/dev/null | paste -sd.)
  case $torch_version in
    1.1[3-9] | 2.*) return 0 ;;
  esac
  fail "the libtorch in $torch_from is version ${torch_version:-unknown}; Decant works with 1.13 and 2.x. Point DECANT_LIBTORCH at one of those, or unset it and leave the Python environment, and the system's is used."
}

# install WHY PACKAGE…
install() {
  local why=$1 sudo=() log=$state/log/install.log
  shift
  [ "$(id -u)" -eq 0 ] || sudo=(sudo)
  local command="${sudo[*]:+sudo }apt-get install -y --no-install-recommends $*"
  if ! command -v apt-get >/dev/null 2>&1; then
    fail "this system has no apt-get. Install $why by its own means ($*), or unpack libtorch and set DECANT_LIBTORCH to its folder."
    return 3
  fi
  if [ -n "${DECANT_NO_INSTALL:-}" ] && [ "$DECANT_NO_INSTALL" != 0 ]; then
    fail "DECANT_NO_INSTALL is set, so nothing is installed. Needed: $why. Run: $command"
    return 3
  fi
  if [ ${#sudo[@]} -gt 0 ] && ! command -v sudo >/dev/null 2>&1; then
    fail "installing needs root, and there is no sudo. As root, run: ${command#sudo }"
    return 3
  fi
  say "installing $why:"
  say "  $command"
  : >"$log"
  { "${sudo[@]}" apt-get update && DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"; } 9>&- >>"$log" 2>&1 && return 0
  tail -n 5 "$log" | sed 's/^/    /' >&2
  fail "apt-get failed (the whole of it: $log). Is there a network? Run the same command again to go on, or install by hand: $command"
}

build_bridge() {
  local abi=0 build log=$state/log/bridge.log key
  # std::string's symbols carry __cxx11 when libtorch was built with the new ABI.
  grep -qa '__cxx11' "$torch_lib/libc10.so" && abi=1
  build=$builds/$torch_name
  key="$torch_from $(stat -Lc '%Y %s' "$torch_lib/libtorch_cpu.so") $(cat "$native"/*.cpp "$native"/*.h "$native/CMakeLists.txt" | cksum)"
  if [ ! -f "$build/libdecant_bridge.so" ] || [ "$(cat "$build/key" 2>/dev/null)" != "$key" ]; then
    say "building the bridge to libtorch $torch_version in $torch_from (once, about a minute)"
    rm -rf "$build"
    mkdir -p "$build"
    if ! { cmake -S "$native" -B "$build" -DDECANT_TORCH_INCLUDE="$torch_include" -DDECANT_TORCH_LIB="$torch_lib" -DDECANT_CXX11_ABI=$abi &&
      cmake --build "$build" --parallel "$(nproc)"; } 9>&- >"$log" 2>&1; then
      grep -E 'error|Error' "$log" | head -n 5 | sed 's/^/    /' >&2
      fail "the bridge did not build against the libtorch in $torch_from ($torch_version; 1.13 and 2.x are known to work). The whole of it: $log"
      return 3
    fi
    printf '%s' "$key" >"$build/key"
  fi
  ln -sfn "$torch_lib/libtorch_cpu.so" "$build/libtorch"
  ln -sfn "$torch_name" "$builds/current"
}

build_program() {
  local log=$state/log/build.log
  say "building the command line"
  "$dotnet" build "$root/src/Decant.Cli" -c Release -v quiet -nologo -nodeReuse:false -p:UseSharedCompilation=false 9>&- >"$log" 2>&1 && return 0
  grep -E 'error' "$log" | sort -u | head -n 5 | sed 's/^/    /' >&2
  if grep -qE 'NU1301|NU1900' "$log"; then
    fail "NuGet could not be reached. Run the same command again to go on. The whole of it: $log"
  else
    fail "the command line did not build. The whole of it: $log"
  fi
}

# Runs the tests and closes with the line "N passed, N failed[, N skipped]". --repeat N is for tests that try something at random: they do it N times.
run_tests() {
  local results=$state/tests code arguments=()
  while [ $# -gt 0 ]; do
    case $1 in
      --repeat)
        case ${2:-} in
          '' | *[!0-9]* | 0)
            fail "--repeat: expected a number of times, came '${2:-}'"
            return 2
            ;;
        esac
        export DECANT_TEST_REPEAT=$2
        shift 2
        ;;
      *)
        arguments+=("$1")
        shift
        ;;
    esac
  done
  rm -rf "$results"
  "$dotnet" test "$root/test/Decant.Tests" -c Release -p:UseSharedCompilation=false -nodeReuse:false -v quiet --nologo --logger "console;verbosity=normal" --logger "trx;LogFileName=tests.trx" --results-directory "$results" "${arguments[@]}" 9>&-
  code=$?
  local counters
  counters=$(grep -o '<Counters [^>]*' "$results/tests.trx" 2>/dev/null)
  local total passed failed
  total=$(sed -n 's/.* total="\([0-9]*\)".*/\1/p' <<<"$counters")
  passed=$(sed -n 's/.* passed="\([0-9]*\)".*/\1/p' <<<"$counters")
  failed=$(sed -n 's/.* failed="\([0-9]*\)".*/\1/p' <<<"$counters")
  if [ "${total:-0}" -eq 0 ]; then
    say "no test ran"
    return 1
  fi
  local skipped=$((total - passed - failed))
  printf '%s passed, %s failed%s\n' "$passed" "$failed" "$([ $skipped -gt 0 ] && printf ', %s skipped' $skipped)"
  return $code
}
