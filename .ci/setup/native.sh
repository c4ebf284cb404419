# shellcheck shell=bash source-path=SCRIPTDIR
# shellcheck disable=SC2154 # the variables of environment.sh
# The host's own packages, by apt or dnf. Sourced by environment.sh.

# shellcheck source=rights.sh
. "$setup_folder/rights.sh"

missing_debian_packages() {
    # A package is there, too, when an installed one provides it (pkg-config by pkgconf, say).
    comm -23 <(package_names "$setup_folder/packages-debian.txt" | sort -u) \
        <(dpkg-query -W -f='${db:Status-Status} ${Package}, ${Provides}\n' |
            sed -n 's/^installed //p' | tr ',' '\n' | sed 's/([^)]*)//; s/ //g' | sort -u)
}

missing_fedora_packages() {
    local name
    for name in $(package_names "$setup_folder/packages-fedora.txt"); do
        rpm --quiet -q --whatprovides "$name" || echo "$name"
    done
}

# Sets missing.
find_missing_packages() {
    missing=()
    if command -v dpkg-query >/dev/null; then
        mapfile -t missing < <(missing_debian_packages)
    elif command -v rpm >/dev/null && command -v dnf >/dev/null; then
        mapfile -t missing < <(missing_fedora_packages)
    fi # elsewhere Qt and KDE Frameworks were found installed: CMake names what else is missing
}

native_packages_are_there() {
    find_missing_packages
    [ ${#missing[@]} -eq 0 ]
}

install_native_packages() {
    local kilobytes_needed=2000000
    say "$host_name lacks ${#missing[@]} packages: ${missing[*]}"
    require_rights "$(if command -v apt-get >/dev/null; then echo apt-get; else echo dnf; fi) install ${missing[*]}"
    require_space / "$kilobytes_needed"
    say "installing them (some hundred megabytes; a minute or two) …"
    if command -v apt-get >/dev/null; then
        install_with_apt "${missing[@]}"
    else
        as_root dnf install -y --setopt=install_weak_deps=False "${missing[@]}" >&2 </dev/null ||
            fail "dnf could not install them (see above)" \
                "Without network: connect this machine, or install them by other means, and start again."
    fi
    find_missing_packages
    [ ${#missing[@]} -eq 0 ] || fail "still missing after the installation: ${missing[*]}"
    say "installed after $SECONDS s"
}
