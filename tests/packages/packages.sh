#!/usr/bin/env bash
# packages.sh [FOLDER]: shows that the Debian packages do what a user expects of them.
#
# Builds the programs for /usr, packs them in a Debian 13 that has what packing needs (the workshop),
# looks at the packages there with lintian, systemd, man and three shells; then installs them in a
# clean Debian 13, runs them as an ordinary user, and takes them away again. What is made stays in
# FOLDER, where it is named; the workshop in it is used again. Needs root, mmdebstrap, a Debian mirror
# and some minutes; changes nothing outside FOLDER and build/package.
set -euo pipefail
project=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
# shellcheck source-path=SCRIPTDIR/../../.ci/setup source=../../.ci/setup/environment.sh
. "$project/.ci/setup/environment.sh"
# shellcheck source-path=SCRIPTDIR/../../.ci/setup source=../../.ci/setup/tree.sh
. "$project/.ci/setup/tree.sh"

packing=(dpkg-dev cmake file binutils lintian man-db groff-base python3 bash-completion zsh fish systemd ufw)
libraries=(libqt6widgets6 libqt6svg6 libqt6dbus6 libqt6network6 libqt6concurrent6 libkf6dnssd6 libssl3t64 libxxhash0
    hicolor-icon-theme)

step() {
    say "[$SECONDS s] $*"
}

# make_system FOLDER VARIANT [PACKAGE…]
make_system() {
    local target=$1 variant=$2
    shift 2
    mmdebstrap --quiet --variant="$variant" --mode=root --format=directory \
        --include="$(printf '%s\n' ca-certificates "$@" | paste -sd,)" \
        --aptopt='Acquire::Languages "none"' "$suite" "$target" \
        "deb [signed-by=$keyring] $mirror $suite main" </dev/null >&2
    cp -L /etc/resolv.conf "$target/etc/resolv.conf"
}

# within SYSTEM [unshare options… --] COMMAND…: runs it as root there, with the project at its place.
within() {
    local system=$1 options=()
    shift
    while [[ $1 == --* ]]; do
        [ "$1" != -- ] || break
        options+=("$1")
        shift
    done
    [ "$1" != -- ] || shift
    # shellcheck disable=SC2016 # expanded over there
    unshare --mount --pid --fork --propagation private "${options[@]}" -- /bin/sh -euc '
        system=$1 project=$2
        shift 2
        mount -t proc proc "$system/proc"
        mount --bind "$system/proc/sys" "$system/proc/sys" # installing applies sysctl.d; not to this kernel
        mount -o remount,bind,ro "$system/proc/sys"
        mount --rbind /dev "$system/dev"
        mkdir -p "$system$project"
        mount --bind "$project" "$system$project"
        [ ! -x /sbin/ip ] || /sbin/ip link set lo up 2>/dev/null || true
        exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 LC_ALL=C.UTF-8 \
            DEBIAN_FRONTEND=noninteractive http_proxy="${http_proxy:-}" chroot "$system" "$@"' \
        within "$system" "$project" "$@" </dev/null
}

# as_user SYSTEM SCRIPT: without any network but loopback.
as_user() {
    within "$1" --net -- runuser -u mirror -- env HOME=/home/mirror XDG_RUNTIME_DIR=/home/mirror/run \
        bash -euc "cd; mkdir -p -m 700 run; $2"
}

build_programs() {
    step "building for /usr"
    (
        cd "$project"
        .ci/setup/enter cmake --preset package --log-level=NOTICE
        .ci/setup/enter cmake --build --preset package
    ) >&2
}

make_packages() {
    [ -e "$work/workshop/usr/bin/lintian" ] || {
        step "making the workshop"
        make_system "$work/workshop" apt "${packing[@]}" "${libraries[@]}"
    }
    step "packing"
    rm -rf "$project/build/package/packages"
    within "$work/workshop" bash -euc "cd '$project/build/package' && cpack" >&2
    rm -rf "$work/packages"
    mkdir "$work/packages"
    cp "$project"/build/package/packages/*.deb "$work/packages/"
    ls -l "$work/packages"
    local package
    for package in "$work"/packages/*.deb; do
        dpkg-deb --field "$package" Package Version Depends Recommends Installed-Size
    done
}

# What a package can be judged by without a desktop.
inspect_packages() {
    step "lintian"
    mkdir -p "$work/workshop/packages"
    cp "$work"/packages/*.deb "$work/workshop/packages/"
    within "$work/workshop" bash -euc 'lintian --allow-root --fail-on error --tag-display-limit 0 /packages/*.deb'
    step "service, manual pages and completions where there are systemd, groff, zsh and fish"
    within "$work/workshop" dpkg --purge octopus-mirror octopusd >&2
    within "$work/workshop" dpkg --install --force-confnew --recursive /packages >&2
    within "$work/workshop" env XDG_RUNTIME_DIR=/run systemd-analyze --user --man=no verify octopusd.service
    within "$work/workshop" env XDG_RUNTIME_DIR=/run systemd-analyze --user --offline=true security --no-pager \
        /usr/lib/systemd/user/octopusd.service | tail -n 1
    within "$work/workshop" ufw app info Octopus
    within "$work/workshop" env QT_QPA_PLATFORM=offscreen python3 -B "$project/tests/resources/test_reference.py" \
        /usr/bin "$project/build/package/resources"
    within "$work/workshop" --net -- python3 -B "$project/tests/packages/shells.py"
}

# The files that are there, but for what apt and dpkg write about themselves.
files_of() {
    (cd "$1" && find . -xdev \( -path ./var/lib/dpkg -o -path ./var/lib/apt -o -path ./var/cache \
        -o -path ./var/log -o -path ./home -o -path ./packages \) -prune -o -print) | sort
}

try_packages() {
    local clean=$work/clean
    rm -rf --one-file-system "$clean"
    step "making a clean Debian 13"
    make_system "$clean" minbase
    mkdir "$clean/packages"
    cp "$work"/packages/*.deb "$clean/packages/"
    step "installing what the packages depend on, and them"
    within "$clean" bash -euc 'apt-get -q update && apt-get -q install -y --no-install-recommends /packages/*.deb' >"$work/apt.log" 2>&1
    within "$clean" useradd --create-home mirror
    within "$clean" apt-get -q purge -y octopus-mirror octopusd >>"$work/apt.log" 2>&1
    files_of "$clean" >"$work/before"
    within "$clean" bash -euc 'dpkg --install /packages/*.deb' >>"$work/apt.log" 2>&1
    run_programs "$clean"
    step "purging them"
    within "$clean" apt-get -q purge -y octopus-mirror octopusd >>"$work/apt.log" 2>&1
    files_of "$clean" >"$work/after"
    diff "$work/before" "$work/after" || fail "what is listed above is left over, or missing"
    step "nothing is left of them; the user's own state is"
    ls -A "$clean/home/mirror/.local/state"
}

run_programs() {
    step "running them as an ordinary user"
    as_user "$1" 'octopusctl --version; octopusd --version; octopusctl demo --seconds 5'
    # shellcheck disable=SC2016 # expanded over there
    as_user "$1" 'export QT_QPA_PLATFORM=offscreen
        octopus-mirror --version
        octopus-mirror --no-discovery --listen 127.0.0.1:0 &
        for attempt in $(seq 60); do
            octopusctl identity 2>/dev/null && break
            sleep 0.5
        done
        octopusctl status
        kill -TERM %1
        wait %1
        echo "the desktop ended with exit code $?"'
}

main() {
    [ "$EUID" -eq 0 ] || fail "this makes and enters whole systems: run it as root"
    command -v mmdebstrap >/dev/null || fail "mmdebstrap is missing" "apt-get install mmdebstrap"
    read_host
    if [ $# -gt 0 ]; then
        mkdir -p "$1"
        work=$(readlink -f "$1")
    else
        work=$(mktemp -d)
        trap 'rm -rf --one-file-system "$work"' EXIT
    fi
    cache_folder=$work # where choose_mirror writes
    choose_mirror
    build_programs
    make_packages
    inspect_packages
    try_packages
    step "all is well"
}

main "$@"
