# shellcheck shell=bash source-path=SCRIPTDIR
# shellcheck disable=SC2154 # the variables of environment.sh
# Builds the tree: a Debian 13 /usr in the user's cache folder. Sourced by environment.sh.
#
# It is built in a folder of its own and renamed into place when complete; so it is whole or not
# there. One lock per cache folder makes parallel starts wait for the first.

# shellcheck source=rights.sh
. "$setup_folder/rights.sh"

tree_kilobytes=1600000                # a finished tree, for the messages
building_kilobytes=2500000            # while it is built: the packages lie beside what comes of them
default_mirror=http://deb.debian.org/debian
default_security_mirror=http://deb.debian.org/debian-security
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

build_tree() {
    mkdir -p "$cache_folder" || fail "cannot make $cache_folder" "Set XDG_CACHE_HOME to a folder of yours."
    exec 9>"$cache_folder/lock"
    if ! flock --nonblock 9; then
        say "another start is preparing $cache_folder; waiting for it …"
        flock 9
        if [ -d "$tree" ]; then
            exec 9>&-
            return
        fi
    fi
    remove_leftovers
    say "$host_name has no Qt 6.8 and KDE Frameworks 6. A Debian 13 /usr is built once, in"
    say "$tree (about $((tree_kilobytes / 1000)) MB; some minutes)."
    say "It is seen by this project only; the host's own packages stay as they are."
    require_space "$cache_folder" "$building_kilobytes"
    install_tree_tools
    choose_mirror
    make_tree
    exec 9>&-
}

remove_leftovers() {
    local leftover
    for leftover in "$cache_folder"/*.building.*; do
        [ -d "$leftover" ] || continue
        # Whoever still builds there holds a lock on the folder (a sudo that outlived its caller).
        if ! flock --nonblock "$leftover" true; then
            say "$leftover is still being built by a start that is gone; left alone"
            continue
        fi
        say "removing what an interrupted set-up left: $leftover"
        remove_tree "$leftover"
    done
}

remove_tree() {
    if grep -qF " $1/" /proc/self/mountinfo; then
        fail "something is mounted below $1" "Unmount it (or restart the machine) and start again."
    fi
    rm -rf --one-file-system "$1" 2>/dev/null && return
    require_rights "rm -rf --one-file-system $1"
    as_root rm -rf --one-file-system "$1"
}

install_tree_tools() {
    local wanted=()
    command -v mmdebstrap >/dev/null || wanted+=(mmdebstrap)
    [ -e "$keyring" ] || wanted+=(debian-archive-keyring)
    if [ "$EUID" -ne 0 ] && ! user_may_mount && ! command -v bwrap >/dev/null; then
        wanted+=(bubblewrap)
    fi
    require_rights "apt-get install ${wanted[*]:-mmdebstrap}; XDG_CACHE_HOME=${cache_folder%/*} $project/.ci/setup/enter true"
    [ ${#wanted[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null ||
        fail "$host_name has no apt to install ${wanted[*]} with" \
            "Install Qt >= 6.8 and KDE Frameworks 6 with your package manager, or ${wanted[*]}, and start again."
    say "installing ${wanted[*]} on this host with apt, the only thing that is changed outside the cache folder …"
    install_with_apt "${wanted[@]}"
}

# The host's own mirror of a Debian archive with this label, or nothing.
host_mirror() {
    [ "$host_id" = debian ] || return 0
    # shellcheck disable=SC2016 # apt expands it
    apt-get indextargets --format '$(REPO_URI)' "Label: $1" 'Identifier: Packages' 2>/dev/null |
        sed -n -E '/^(https?|file):/{s,/*$,,;p;q}'
}

mirror_answers() {
    local answer code=0
    answer=$(mktemp)
    /usr/lib/apt/apt-helper -o Acquire::http::Timeout=15 -o Acquire::https::Timeout=15 -o Acquire::Retries=1 \
        download-file "$1/dists/$2/InRelease" "$answer" >"$cache_folder/set-up.log" 2>&1 || code=$?
    rm -f "$answer"
    return $code
}

# Sets mirror and security_mirror.
choose_mirror() {
    mirror=$(host_mirror Debian)
    security_mirror=$(host_mirror Debian-Security)
    if [ -z "$mirror" ] || ! mirror_answers "$mirror" "$suite"; then
        mirror=$default_mirror
        mirror_answers "$mirror" "$suite" || fail "no Debian mirror answers: $(sed -n '/^[EW]:/{p;q}' "$cache_folder/set-up.log")" \
            "Without network nothing can be fetched: connect this machine (or set http_proxy) and start again." \
            "Or copy the folder ${tree##*/} of ${tree%/*} from a machine where this has run."
    fi
    if [ -z "$security_mirror" ] || ! mirror_answers "$security_mirror" "$suite-security"; then
        security_mirror=$default_security_mirror
    fi
}

make_tree() {
    local packages builder code=0
    building=$tree.building.$$
    packages=$(package_names "$setup_folder"/packages-{debian,tree}.txt | paste -sd,)
    mkdir "$building" || fail "cannot write to $cache_folder"
    trap abandon_tree EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    (run_mmdebstrap) & # in the background, so that its progress can be told
    builder=$!
    show_progress "$builder" "$building"
    wait "$builder" || code=$?
    [ "$code" -eq 0 ] || explain_failure
    keep_what_is_needed "$building"
    check_tree "$building"
    mv -T "$building" "$tree"
    trap - EXIT INT TERM HUP
    say "[$SECONDS s] done: $(du -sm "$tree" | cut -f1) MB in $tree"
    mention_older_trees
}

# Replaces this shell. Holds a lock on the folder that it fills.
run_mmdebstrap() {
    exec_as_root env ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
        ${no_proxy:+no_proxy="$no_proxy"} \
        flock --no-fork "$building" \
        mmdebstrap --variant=essential --mode=root --format=directory --include="$packages" \
        --aptopt='Acquire::Retries "3"' --aptopt='Acquire::Languages "none"' \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/info/*' --dpkgopt='path-exclude=/usr/share/lintian/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/help/*' \
        --customize-hook="$setup_folder/finish-tree" \
        "$suite" "$building" \
        "deb [signed-by=$keyring] $mirror $suite main" \
        "deb [signed-by=$keyring] $mirror $suite-updates main" \
        "deb [signed-by=$keyring] $security_mirror $suite-security main" \
        >"$cache_folder/set-up.log" 2>&1 </dev/null
}

# Tells each step of mmdebstrap when it begins, and the size every ten seconds.
show_progress() {
    local told=0 step total next_size=$((SECONDS + 10))
    while [ -d "/proc/$1" ]; do
        total=$(wc -l <"$cache_folder/set-up.log")
        if [ "$total" -gt "$told" ]; then
            while IFS= read -r step; do
                say "[$SECONDS s] ${step#I: }"
            done < <(sed -n "$((told + 1)),${total}s/^I: \(running apt\|downloading\|extracting\|installing\|cleaning\)/&/p" \
                "$cache_folder/set-up.log")
            told=$total
        fi
        if [ "$SECONDS" -ge "$next_size" ]; then
            say "[$SECONDS s] … $(du -sm "$2" 2>/dev/null | cut -f1) MB so far"
            next_size=$((SECONDS + 10))
        fi
        sleep 0.5
    done
}

explain_failure() {
    say "building the tree failed; the last lines of $cache_folder/set-up.log:"
    tail -n 8 "$cache_folder/set-up.log" | cut -c 1-300 >&2
    if [ "$(df --output=avail -k "$cache_folder" | tail -n 1)" -lt 300000 ]; then
        fail "the disk is full at $cache_folder" "Free some space, or set XDG_CACHE_HOME to a folder elsewhere."
    fi
    fail "nothing half done was left behind" \
        "If the network was lost, start this again. Otherwise the lines above say what is wrong."
}

# Only /usr is mounted; of /etc our programs read some configuration.
keep_what_is_needed() {
    local entry
    for entry in "$1"/* "$1"/.[!.]*; do
        case ${entry##*/} in
            usr | etc) ;;
            *) as_root rm -rf --one-file-system "$entry" ;;
        esac
    done
    [ "$EUID" -eq 0 ] || as_root chown -R "$(id -u):$(id -g)" "$1" # the user can remove what is the user's
    chmod 0755 "$1"
    printf '%s\n' "$tree_key" >"$1$marker"
}

# Proves that the tree works before it is taken into use.
check_tree() {
    local version
    version=$(enter_tree "$1" g++ -dumpfullversion) || fail "the tree was built, but cannot be entered or run" \
        "Its file system may be mounted noexec: set XDG_CACHE_HOME to a folder elsewhere." \
        "In a container without the right to mount: start it with --cap-add SYS_ADMIN, or use a Debian 13 image."
    say "[$SECONDS s] g++ $version runs in it"
}

# Runs at every end before the tree is in place; the exit code stays what it was.
abandon_tree() {
    local job
    trap '' INT TERM HUP
    say "stopping, and removing what is half done …"
    for job in $(jobs -p); do
        as_root kill -TERM "$job" 2>/dev/null || true
        wait "$job" 2>/dev/null || true
    done
    if [ -d "$building" ]; then
        remove_tree "$building"
    fi
}

mention_older_trees() {
    local other
    for other in "$cache_folder"/*/; do
        [ "${other%/}" = "$tree" ] || say "an older tree can be removed if no other checkout needs it: ${other%/}"
    done
}
