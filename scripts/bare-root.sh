# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
#
# Bare Debians, for scripts that try what a newcomer would have: roots made by
# debootstrap, of this machine's release. Sourced after setup.sh. Needs to be root and a
# mirror of Debian's packages; where they cannot be made, that is said, and 77 the exit
# status.
#
# The bare roots and the packages are kept in $XDG_CACHE_HOME/converge-fresh, so that
# the next call is a matter of minutes. There are two: of root, and of user, one who
# may use sudo. A caller sets
#   logs   a folder for what the commands said

cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/converge-fresh
work=$cache/work
root=$work/root
count=0
n_failed=0
job=
screen=
unset DISPLAY WAYLAND_DISPLAY

cannot ()
{
  echo "1..0 # SKIP no bare machine can be made here: $*"
  exit 77
}

# What runs in a root has mounts and processes of its own, which vanish with their
# first process, however that ends: nothing is left to be unmounted or ended.
# ENTER ROOT PACKAGES WHO FOLDER COMMAND…
# shellcheck disable=SC2016
enter='
root=$1 packages=$2 who=$3 folder=$4
shift 4
# The cache may lie where devices and sudo are not allowed.
mount --bind "$root" "$root"
mount -o remount,bind,exec,dev,suid "$root"
mount -t proc proc "$root/proc"
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
mount --bind "$packages" "$root/var/cache/apt/archives"
if [ -n "${DISPLAY:-}" ]; then
  mkdir -p "$root/tmp/.X11-unix"
  mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
fi
home=/root
[ "$who" = root ] || home=/home/$who
chroot --userspec="$who:$who" "$root" env -i HOME="$home" USER="$who" LOGNAME="$who" \
  PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TERM=xterm \
  ${DISPLAY:+DISPLAY="$DISPLAY"} sh -c "cd \"\$1\" && shift && exec \"\$@\"" - "$folder" "$@"
exit
'

# In the background, so that a signal is heard at once; dies with this script.
start ()
{
  setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child "$@" &
  job=$!
}

finish ()
{
  code=0
  wait "$job" || code=$?
  job=
  return $code
}

# start_in_root WHO FOLDER COMMAND…
start_in_root ()
{
  start sh -euc "$enter" - "$root" "$packages" "$@"
}

in_root ()
{
  start_in_root "$@"
  finish
}

close_screen ()
{
  # The group: the screen is a child of what started it.
  [ -z "$screen" ] || kill -- "-$screen" 2> /dev/null || :
  # The shell would say that it was terminated.
  [ -z "$screen" ] || wait "$screen" 2> /dev/null || :
  screen=
}

remove_work ()
{
  # What is being killed may still write.
  for _ in 1 2 3 4 5; do
    rm -rf --one-file-system "$work" 2> /dev/null && return
    sleep 1
  done
  say "\"$work\" could not be removed."
}

clean_up ()
{
  trap '' HUP INT TERM
  [ -z "$job" ] || kill -KILL "$job" 2> /dev/null || :
  close_screen
  remove_work
}

# apt in the root gets its packages as it does here; none of this machine's hooks.
set_up_apt ()
{
  rm -rf "$root/etc/apt/sources.list"
  for part in sources.list sources.list.d auth.conf auth.conf.d keyrings preferences \
    preferences.d trusted.gpg trusted.gpg.d; do
    [ ! -e "/etc/apt/$part" ] || cp -a "/etc/apt/$part" "$root/etc/apt/"
  done
  cp -a --no-clobber /usr/share/keyrings "$root/usr/share/"
  apt-config dump | grep '^Acquire::' | grep -v IndexTargets > "$root/etc/apt/apt.conf.d/00host"
  for protocol in http https; do
    proxy=$(eval "echo \${${protocol}_proxy:-}")
    [ -z "$proxy" ] ||
      echo "Acquire::$protocol::Proxy \"$proxy\";" >> "$root/etc/apt/apt.conf.d/00host"
  done
  if [ -e /etc/ssl/certs/ca-certificates.crt ]; then
    mkdir -p "$root/etc/ssl/certs"
    cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs"
  fi
  cp -L /etc/resolv.conf /etc/hosts "$root/etc"
}

# bare_root WHO: the file that a bare root is kept in
bare_root ()
{
  echo "$cache/$suite-$architecture-$1.tar.gz"
}

keep_root ()
{
  file=$(bare_root "$1")
  # No lists of packages: the first command has to fetch them.
  rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*.bin
  tar -C "$root" --one-file-system --numeric-owner -czf "$file.part" .
  mv "$file.part" "$file"
}

make_roots ()
{
  say "Making a bare root of $suite."
  start debootstrap --variant=minbase --cache-dir="$packages" "$suite" "$root" "$mirror" \
    > "$logs/debootstrap.log" 2>&1
  finish || die "debootstrap failed: see $logs/debootstrap.log."
  rm -f "$root"/var/cache/apt/archives/*.deb
  # No wait for the disk at every file: this root does not outlive a power failure.
  echo force-unsafe-io > "$root/etc/dpkg/dpkg.cfg.d/no-sync"
  keep_root root
  set_up_apt
  in_root root / sh -euc '
    apt-get update -q
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends sudo
    useradd --create-home --shell /bin/bash user
    echo "user ALL=(ALL) NOPASSWD: ALL" > /etc/sudoers.d/user
  ' >> "$logs/debootstrap.log" 2>&1 || die "sudo could not be installed: see $logs/debootstrap.log."
  keep_root user
}

# Makes the bare roots, if they are not kept from an earlier call.
prepare_roots ()
{
  [ "$(id -u)" = 0 ] || cannot "you are not root."
  have apt-get || cannot "this is no Debian."
  suite=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
  architecture=$(dpkg --print-architecture)
  packages=$cache/packages-$suite-$architecture
  mkdir -p "$packages/partial" "$logs"
  exec 9> "$cache/lock"
  flock -n 9 || die "another script is at work in \"$cache\"."

  unshare --mount --pid --fork --kill-child mount -t tmpfs tmpfs "$packages/partial" 2> /dev/null ||
    cannot "it is not allowed to mount anything."
  # shellcheck disable=SC2016
  mirror=$(apt-get indextargets --format '$(REPO_URI)' "Release: $suite" 'Component: main' \
    'Created-By: Packages' 2> /dev/null | head -n 1)
  [ -n "$mirror" ] || cannot "apt knows no mirror of the packages of \"$suite\"."
  trap clean_up EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  remove_work
  mkdir "$work"
  /usr/lib/apt/apt-helper download-file "${mirror}dists/$suite/InRelease" "$work/reachable" \
    > /dev/null 2>&1 || cannot "\"$mirror\" cannot be reached."

  if ! { have debootstrap && have git && have Xvfb && have xdotool && have import; }; then
    apt_get install debootstrap git xvfb xdotool imagemagick ||
      cannot "debootstrap, git, Xvfb, xdotool and ImageMagick could not be installed."
  fi
  # Packages that newer ones have taken the place of.
  find "$packages" -name '*.deb' -ctime +60 -delete
  if ! [ -s "$(bare_root root)" ] || ! [ -s "$(bare_root user)" ]; then
    make_roots
  fi
}

# unpack_root WHO: a bare root as it was made
unpack_root ()
{
  rm -rf --one-file-system "$root"
  mkdir "$root"
  tar -C "$root" -xzf "$(bare_root "$1")"
  set_up_apt
}

# check SENTENCE COMMAND…: one line of TAP
check ()
{
  count=$((count + 1))
  sentence=$1
  shift
  if "$@"; then
    echo "ok $count ${proof:+$proof: }$sentence"
  else
    echo "not ok $count ${proof:+$proof: }$sentence"
    n_failed=$((n_failed + 1))
  fi
}

# A screen outside of the root, in which nothing is installed for it.
open_screen ()
{
  mkfifo "$work/display"
  # shellcheck disable=SC2016
  TMPDIR=$work setsid "$top/tests/ui/with-display" \
    sh -c 'echo "$DISPLAY" > "$1" && sleep 600' - "$work/display" 9>&- &
  screen=$!
  read -r display < "$work/display"
  rm "$work/display"
}

# A window in which nothing is drawn, or not yet, has a colour or two.
see_window ()
{
  DISPLAY=$display timeout 60 xdotool search --sync --onlyvisible --name '^Converge$' \
    > "$work/window" 2> /dev/null || return 1
  for _ in $(seq 60); do
    DISPLAY=$display import -window root "$logs/window.png"
    [ "$(identify -format %k "$logs/window.png")" -le 50 ] || return 0
    sleep 1
  done
  return 1
}

close_window ()
{
  DISPLAY=$display xdotool windowfocus "$(head -n 1 "$work/window")" key ctrl+q && finish
}
