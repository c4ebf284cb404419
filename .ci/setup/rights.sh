# shellcheck shell=bash
# Root's rights, free space and apt: asked for only when they are needed. Sourced.

# Replaces this (sub)shell.
exec_as_root() {
    if [ "$EUID" -eq 0 ]; then
        exec "$@"
    elif [ -t 0 ]; then
        exec sudo "$@"
    else
        exec sudo -n "$@"
    fi
}

as_root() {
    (exec_as_root "$@")
}

# require_rights COMMAND: COMMAND is what somebody with rights could do in our place.
require_rights() {
    [ "$EUID" -ne 0 ] || return 0
    command -v sudo >/dev/null ||
        fail "root's rights are needed once, and there is no sudo here" \
            "As root: $1" "Then start this again; it needs no rights any more."
    if [ ! -t 0 ] && ! sudo -n true 2>/dev/null; then
        fail "root's rights are needed once; sudo asks for a password, and there is no terminal to type it" \
            "In a terminal: sudo $1" "Then start this again."
    elif [ -t 0 ]; then
        say "root's rights are needed for: $1"
        sudo true || fail "sudo refused" "As root: $1" "Then start this again; it needs no rights any more."
    fi
}

# require_space FOLDER KILOBYTES
require_space() {
    local free
    free=$(df --output=avail -k "$1" | tail -n 1)
    [ "$free" -ge "$2" ] || fail \
        "not enough free space at $1: $((free / 1024)) MB, and $(($2 / 1024)) MB are needed" \
        "Free some, or for another disk set XDG_CACHE_HOME to a folder there, and start again."
}

apt_lists_are_empty() {
    ! compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null
}

# install_with_apt PACKAGE…
install_with_apt() {
    local options=(-y --no-install-recommends -o DPkg::Lock::Timeout=300)
    if apt_lists_are_empty; then
        as_root apt-get update >&2 </dev/null || true # the installation says what is wrong
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install "${options[@]}" "$@" >&2 </dev/null && return
    say "that failed; trying once more with fresh package lists …"
    as_root apt-get update >&2 </dev/null || true
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install "${options[@]}" "$@" >&2 </dev/null ||
        fail "apt could not install: $*" \
            "Without network: connect this machine (or set http_proxy) and start again." \
            "Otherwise the lines above say what is wrong."
}
