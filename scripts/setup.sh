# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
#
# What the scripts beside this one share. Sourced, not run. A caller may set
#   CONVERGE_BUILD    the build folder, relative to the project or absolute (_build)
#   CONVERGE_OPTIONS  options for meson setup, as -Dui=disabled

set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
case ${CONVERGE_BUILD:=_build} in
  /*) build=$CONVERGE_BUILD ;;
  *) build=$top/$CONVERGE_BUILD ;;
esac
# Is there once the tools of the tests were asked for.
asked_for_tests=$build/asked-for-tests

# Without these nothing can be built …
needed_modules='glib-2.0 cairo openblas'
# … and without these there is no window, but all the rest.
window_modules='gtk4 libadwaita-1'

# Twice as many tests at a time as there are processors, since many of them mostly wait.
export MESON_TESTTHREADS="${MESON_TESTTHREADS:-$((2 * $(getconf _NPROCESSORS_ONLN)))}"

# Everything here goes to stderr: stdout is the program's alone, so that
# `scripts/run train autograd | less` shows the program's lines only.
say ()
{
  echo "$@" >&2
}

die ()
{
  say "$(basename "$0"): $*"
  exit 1
}

have ()
{
  command -v "$1" > /dev/null 2>&1
}

have_compiler ()
{
  # $CC may have arguments, as "ccache gcc".
  # shellcheck disable=SC2086
  set -- ${CC:-cc}
  have "$1"
}

# The first call is the usual one: one process each, nothing asked of apt.
have_needed ()
{
  # shellcheck disable=SC2086
  have_compiler && have meson && have ninja && have pkg-config &&
    pkg-config --exists $needed_modules
}

have_window ()
{
  # shellcheck disable=SC2086
  have msgfmt && pkg-config --exists $window_modules
}

# What tests of the window want: a screen, a hand, an eye.
have_test_tools ()
{
  have Xvfb && have xdotool && pkg-config --exists x11 && have desktop-file-validate && have appstreamcli
}

# What is worth installing and can be done without: the window, and for callers
# that set CONVERGE_WANTS=tests what its tests want.
wanted ()
{
  case " ${CONVERGE_OPTIONS:-} " in
    *' -Dui=disabled '*) ;;
    *) echo "window ${CONVERGE_WANTS:-}" ;;
  esac
}

# Prints those of them that are not here. Each is asked for once, not on every
# call of somebody who has chosen to do without it or cannot install it.
missing ()
{
  for want in $(wanted); do
    case $want in
      window) [ -e "$build/build.ninja" ] || have_window || echo window ;;
      tests) [ -e "$asked_for_tests" ] || have_test_tools || echo tests ;;
    esac
  done
}

# How to become root, if that is needed and possible.
find_sudo ()
{
  if [ "$(id -u)" = 0 ]; then
    sudo=
  elif ! have sudo; then
    return 1
  elif [ -t 0 ]; then
    sudo=sudo
  else
    # Nobody is there to type a password: fail rather than wait for one.
    sudo='sudo -n'
  fi
}

# apt_get ARGUMENT…: as root, without questions. The lists of packages are brought
# up to date where there are none, and where they are stale, which is known by a
# first try that fails.
apt_get ()
{
  find_sudo || return 1
  # shellcheck disable=SC2086
  set -- $sudo env DEBIAN_FRONTEND=noninteractive apt-get -y -q --no-install-recommends "$@"
  if ! find /var/lib/apt/lists -name '*_Packages*' 2> /dev/null | grep -q . || ! "$@" >&2; then
    $sudo apt-get update -q >&2 || say "Going on with the packages that are known."
    "$@" >&2
  fi
}

choose_packages ()
{
  if have apt-get; then
    needed='build-essential meson ninja-build pkg-config libglib2.0-dev
            libcairo2-dev libopenblas-dev'
    # librsvg: GTK draws no icon without it, and only recommends it.
    window='libgtk-4-dev libadwaita-1-dev libgtksourceview-5-dev librsvg2-common gettext'
    tests='xvfb xdotool libx11-dev desktop-file-utils appstream'
  elif have dnf; then
    needed='gcc meson ninja-build pkgconf-pkg-config glib2-devel cairo-devel
            openblas-devel'
    window='gtk4-devel libadwaita-devel gtksourceview5-devel librsvg2 gettext'
    tests='xorg-x11-server-Xvfb xdotool libX11-devel desktop-file-utils appstream'
  elif have pacman; then
    needed='base-devel meson ninja pkgconf glib2 cairo openblas'
    window='gtk4 libadwaita gtksourceview5 librsvg gettext'
    tests='xorg-server-xvfb xdotool libx11 desktop-file-utils appstream'
  else
    say "Converge needs a C compiler, meson (1.0 or newer), ninja, pkg-config" \
        "and the development files of GLib, cairo and OpenBLAS; for its window" \
        "those of GTK 4 and libadwaita, and gettext. No apt-get, dnf or pacman" \
        "is here to install them."
    return 1
  fi

  packages=$needed
  for want in $(wanted); do
    case $want in
      window) packages="$packages $window" ;;
      tests) packages="$packages $tests" ;;
    esac
  done
}

install_packages ()
{
  choose_packages || return 1
  # shellcheck disable=SC2086
  set -- $packages
  if ! find_sudo; then
    say "There is no sudo here to install these packages for you: $*"
    return 1
  fi

  say "Installing what is missing of: $*"
  if have apt-get; then
    apt_get install "$@"
  elif have dnf; then
    $sudo dnf install -y "$@" >&2
  elif [ -z "$(ls /var/lib/pacman/sync 2> /dev/null)" ]; then
    # A fresh container has no lists yet. Anywhere else fetching new ones
    # without upgrading the system could leave it half upgraded.
    $sudo pacman -Syu --needed --noconfirm "$@" >&2
  else
    $sudo pacman -S --needed --noconfirm "$@" >&2
  fi
}

set_up ()
{
  # shellcheck disable=SC2086
  meson setup "$@" "$build" "$top" ${CONVERGE_OPTIONS:-} >&2
}

configure ()
{
  reconfigure=
  if ! have_needed || [ -n "$(missing)" ]; then
    if ! install_packages; then
      have_needed || die "please install the packages named above and call again."
      for want in $(missing); do
        case $want in
          window) say "Going on without the window." ;;
          tests) say "Going on without tests of the window." ;;
        esac
      done
    fi
    have_needed || die "installed, but still not found: see 'pkg-config --print-errors --exists $needed_modules'"
    reconfigure=--reconfigure
  fi

  if ! { mkdir -p "$build" && [ -w "$build" ]; } 2> /dev/null; then
    die "\"$build\" cannot be written. Set CONVERGE_BUILD to a folder to build in."
  fi
  if [ ! -e "$build/build.ninja" ]; then
    set_up
  elif ! grep -qF "\"source\": \"$top\"" "$build/meson-info/meson-info.json"; then
    # The folder was moved or copied; the build would still build the old one.
    rm -rf "$build"
    set_up
  elif [ -n "$reconfigure" ]; then
    set_up $reconfigure
  fi
  [ "${CONVERGE_WANTS:-}" != tests ] || touch "$asked_for_tests"
}

compile ()
{
  # A dry run takes milliseconds, and keeps ninja silent when nothing is to do.
  case $(ninja -C "$build" -n 2>&1) in
    *'no work to do.'*) ;;
    *) ninja -C "$build" >&2 ;;
  esac
}

# build_in FOLDER OPTION…: a build of its own in which every warning is an error
build_in ()
{
  build=$top/$1
  shift
  [ -e "$build/build.ninja" ] ||
    meson setup "$build" "$top" -Dwerror=true "$@" > /dev/null
  ninja -C "$build" --quiet all tests/bench/step-bench
}

# build_with_sanitizer address|thread: such a build, whose programs say clearly what
# they find and stop there, whatever the caller has set
build_with_sanitizer ()
{
  export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
  export ASAN_OPTIONS=halt_on_error=1:detect_stack_use_after_return=1
  export TSAN_OPTIONS="halt_on_error=1:suppressions=$top/tests/tsan.supp"
  case $1 in
    address) build_in _check/asan -Dbuildtype=debugoptimized \
      -Db_sanitize=address,undefined -Db_lundef=false ;;
    thread) build_in _check/tsan -Dbuildtype=debugoptimized \
      -Db_sanitize=thread -Db_lundef=false ;;
    *) die "write --sanitizer address or --sanitizer thread" ;;
  esac
}
