# shellcheck shell=bash source-path=SCRIPTDIR
# shellcheck disable=SC2154 # the variables of environment.sh
# Configuring and building a preset. Sourced by ./run and ./test.

# build PRESET [TARGET…]: configures and builds in the environment, one build of a preset at a time.
# Everything that it prints goes to standard error: standard output is the program's.
build() {
    local preset=$1 folder=$project/build/$1
    shift
    mkdir -p "$folder" 2>/dev/null || true
    [ -w "$folder" ] || fail "cannot write to $folder" "It may have been built by another user: remove it as that user, or use a clone of your own."
    exec 8>"$folder/.lock"
    if ! flock --nonblock 8; then
        say "another start is building $preset here; waiting for it …"
        flock 8
    fi
    # The time of the stamp is the time before the build: what is edited meanwhile counts as newer.
    touch "$folder/.built.new"
    say "[$SECONDS s] building $preset …"
    (cd "$project" && enter bash -c "$configure_and_build" build "$preset" "$@") >&2 8>&- ||
        fail "the build failed (see above)"
    mv "$folder/.built.new" "$folder/.built"
    exec 8>&-
    say "[$SECONDS s] built"
}

# Configures only where it was never done or failed; afterwards the build itself sees what changed.
# shellcheck disable=SC2016 # expanded over there
configure_and_build='
    preset=$1
    shift
    if [ ! -e "build/$preset/build.ninja" ] || [ CMakePresets.json -nt "build/$preset/build.ninja" ]; then
        cmake --preset "$preset" --log-level=NOTICE || exit
    fi
    jobs=$(nproc)
    memory=$(awk "/^MemAvailable/ { print int(\$2 / 1500000) }" /proc/meminfo)
    [ "$jobs" -le "${memory:-1}" ] || jobs=$((memory > 0 ? memory : 1))
    [ $# -eq 0 ] || set -- --target "$@"
    exec cmake --build --preset "$preset" --parallel "$jobs" "$@"'
