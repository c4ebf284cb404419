# shellcheck shell=bash source-path=SCRIPTDIR
# shellcheck disable=SC2034,SC2154 # shares variables with what sources it
# Where the project is built and run, and how to get there. Sourced by ./run, ./test and enter.
#
#   native  the host offers Qt >= 6.8 and KDE Frameworks 6: its own packages are used.
#   tree    it does not: a Debian 13 /usr in the user's cache folder takes the place of the host's
#           /usr in a private mount namespace. Everything else stays the host's: user folders, /etc,
#           /tmp, devices, network.
#   inside  that has happened already.
#
# OCTOPUS_ENVIRONMENT=native or =tree overrules the choice.

suite=trixie
recipe=1 # raised when trees built in an older way must not be used any more

setup_folder=$project/.ci/setup
cache_folder=${XDG_CACHE_HOME:-${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}/.cache}/octopus-mirror
marker=/usr/lib/octopus-environment # in every tree; holds its key

say() {
    printf 'octopus: %s\n' "$*" >&2
}

# fail LINE…: what is wrong, then what to do about it. 125 is no exit code of ours, so that a script
# can tell a failed set-up from a failed program.
fail() {
    say "$1"
    shift
    [ $# -eq 0 ] || printf '         %s\n' "$@" >&2
    exit 125
}

package_names() {
    sed 's/#.*//' "$@" | xargs -n 1
}

# Sets host_id and host_version ("debian" and "13", say) and host_name, from os-release.
read_host() {
    local key value file=/etc/os-release
    host_id='' host_version='' host_name='this system'
    [ -r "$file" ] || file=/usr/lib/os-release
    [ -r "$file" ] || return 0
    while IFS='=' read -r key value; do
        value=${value%\"} value=${value#\"}
        case $key in
            ID) host_id=$value ;;
            VERSION_ID) host_version=$value ;;
            PRETTY_NAME) host_name=$value ;;
        esac
    done <"$file"
}

# True where the distribution is known to package what we need, or it is installed by whatever way.
host_offers_packages() {
    local major=${host_version%%.*} qt
    case $host_id in
        debian) [ -z "$host_version" ] || [ "$major" -ge 13 ] ;; # testing has no number
        ubuntu) [ "${host_version/./}" -ge 2504 ] ;;
        fedora) [ "$major" -ge 41 ] ;;
        *)
            qt=$(qmake6 -query QT_VERSION 2>/dev/null) || return 1
            case $qt in 6.[0-7].* | [0-5].*) return 1 ;; esac
            compgen -G '/usr/lib*/cmake/KF6Archive' >/dev/null
            ;;
    esac
}

# Sets environment; for a tree also tree_key and tree, the folder where it is or will be.
choose_environment() {
    read_host
    if [ -e "$marker" ]; then
        environment=inside
        return
    elif [ -n "${OCTOPUS_ENVIRONMENT:-}" ]; then
        environment=$OCTOPUS_ENVIRONMENT
    elif host_offers_packages; then
        environment=native
    else
        environment=tree
    fi
    case $environment in
        native) ;;
        tree)
            tree_key=$({ echo "$suite $recipe $HOSTTYPE" && cat "$setup_folder"/packages-{debian,tree}.txt \
                "$setup_folder/finish-tree"; } | sha256sum)
            tree_key=${tree_key:0:16}
            tree=$cache_folder/$tree_key
            ;;
        *) fail "OCTOPUS_ENVIRONMENT is '$environment'; it can be native or tree" ;;
    esac
}

environment_is_ready() {
    case $environment in
        inside) ;;
        native) native_packages_are_there ;;
        tree) [ -d "$tree" ] ;;
    esac
}

# Installs or builds what is missing. Cheap when nothing is.
prepare_environment() {
    # shellcheck source=native.sh
    [ "$environment" != native ] || . "$setup_folder/native.sh"
    ! environment_is_ready || return 0
    case $environment in
        native) install_native_packages ;;
        tree)
            # shellcheck source=tree.sh
            . "$setup_folder/tree.sh"
            build_tree
            ;;
    esac
}

# Replaces this process by a command in the environment; its exit code, streams and signals are then
# nobody else's.
enter() {
    [ "$environment" = tree ] || exec "$@"
    enter_tree "$tree" "$@"
}

# enter_tree TREE COMMAND ARGS…
enter_tree() {
    clean_variables "$1"
    if [ "$EUID" -eq 0 ]; then
        exec unshare --mount --propagation private -- /bin/sh -c "$mount_and_exec" octopus "$@"
    elif [ "${OCTOPUS_ENTER:-}" != bubblewrap ] && user_may_mount; then
        # A user namespace of one's own, entered by exec alone. bubblewrap would do the same but stays
        # in between as a parent that a signal hits in the program's place.
        exec unshare --user --map-current-user --keep-caps --mount --propagation private -- \
            /bin/sh -c "$mount_and_exec" octopus "$@"
    elif command -v bwrap >/dev/null; then
        enter_with_bubblewrap "$@"
    else
        fail "an ordinary user may not make a mount namespace on this system" \
            "Install bubblewrap, or allow it (sysctl kernel.unprivileged_userns_clone=1;" \
            "on Ubuntu kernel.apparmor_restrict_unprivileged_userns=0), or run this as root."
    fi
}

# What runs first in the new namespace. The tree's /usr has no links into /etc (see finish-tree), so
# the loader's cache is all of /etc that must fit it. Read-only where the kernel allows it (in a user
# namespace it may not, below a home mounted with flags of its own). An ordinary user's program is
# not left the capabilities that the namespace gave: it could read what its user may not.
# shellcheck disable=SC2016 # expanded over there
mount_and_exec='
    tree=$1
    shift
    put() {
        mount -o bind,ro "$tree/$1" "/${2:-$1}" 2>/dev/null || mount --bind "$tree/$1" "/${2:-$1}" || exit 125
    }
    uid=$(id -u)
    cd / || exit 125
    for folder in bin sbin lib lib64; do
        [ -L "/$folder" ] || [ ! -e "/$folder" ] || put "usr/$folder" "$folder"
    done
    [ ! -e /etc/ld.so.cache ] || put etc/ld.so.cache
    put usr
    cd "$PWD_OUTSIDE" || exit 125
    unset PWD_OUTSIDE
    [ "$uid" -eq 0 ] || exec setpriv --ambient-caps -all --inh-caps -all -- "$@"
    exec "$@"'

user_may_mount() {
    unshare --user --map-current-user --keep-caps --mount --propagation private -- \
        mount --bind /usr /usr 2>/dev/null
}

# bubblewrap stays our child and the program is its child: signals are handed on to the program, the
# exit code is handed back.
enter_with_bubblewrap() {
    local tree=$1 folder pid_file child code=0
    local binds=(--dev-bind / / --ro-bind "$tree/usr" /usr)
    shift
    for folder in bin sbin lib lib64; do
        [ -L "/$folder" ] || [ ! -e "/$folder" ] || binds+=(--ro-bind "$tree/usr/$folder" "/$folder")
    done
    [ ! -e /etc/ld.so.cache ] || binds+=(--ro-bind "$tree/etc/ld.so.cache" /etc/ld.so.cache)
    unset PWD_OUTSIDE
    pid_file=$(mktemp)
    # shellcheck disable=SC2016
    bwrap "${binds[@]}" -- /bin/sh -c 'echo $$ >"$1"; shift; exec "$@"' octopus "$pid_file" "$@" <&0 &
    child=$!
    for signal in HUP INT QUIT TERM USR1 USR2; do
        # shellcheck disable=SC2064 # expanded now
        trap "kill -$signal \$(cat '$pid_file')" "$signal"
    done
    wait "$child" || code=$?
    while kill -0 "$child" 2>/dev/null; do # a signal ended the wait, not the child
        code=0
        wait "$child" || code=$?
    done
    rm -f "$pid_file"
    exit "$code"
}

# The user's variables point at the host's libraries and tools; the tree has its own.
clean_variables() {
    local tree=$1
    unset LD_LIBRARY_PATH LD_PRELOAD LIBRARY_PATH CPATH C_INCLUDE_PATH CPLUS_INCLUDE_PATH \
        PKG_CONFIG_PATH PKG_CONFIG_LIBDIR CMAKE_PREFIX_PATH CMAKE_TOOLCHAIN_FILE QTDIR QT_PLUGIN_PATH \
        QT_QPA_PLATFORM_PLUGIN_PATH QML2_IMPORT_PATH QML_IMPORT_PATH PYTHONPATH PYTHONHOME PERL5LIB \
        GTK_MODULES CC CXX CFLAGS CXXFLAGS LDFLAGS
    export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    export PWD_OUTSIDE=$PWD
    # Configuration that the tree's programs look for in /etc, where the host may have none.
    export FONTCONFIG_PATH=$tree/etc/fonts
    export XDG_CONFIG_DIRS=${XDG_CONFIG_DIRS:-/etc/xdg}:$tree/etc/xdg
    [ -e /etc/ssl/openssl.cnf ] || export OPENSSL_CONF=$tree/etc/ssl/openssl.cnf
    export MAGICK_CONFIGURE_PATH=$tree/etc/ImageMagick-7
    export OCTOPUS_ETC=$tree/etc # for tests that start a daemon with its packaged configuration
}

set_locale() {
    [ -n "${LC_ALL:-}${LC_CTYPE:-}${LANG:-}" ] || export LANG=C.UTF-8
}
