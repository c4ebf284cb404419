# `cpack` in the build folder makes two Debian packages: octopusd and octopus-mirror. Needs dpkg-dev,
# on a system that has the libraries as packages (tests/packages makes one).
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME octopus-mirror)
set(CPACK_PACKAGE_VENDOR "The Octopus developers")
set(CPACK_PACKAGE_CONTACT "${OCTOPUS_PACKAGE_CONTACT}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_SET_DESTDIR ON) # for what belongs in /etc
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_OCTOPUS_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_STRIP_FILES ON)
set(CPACK_OUTPUT_FILE_PREFIX packages)
set(CPACK_COMPONENTS_ALL Daemon Desktop)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_CURRENT_LIST_DIR}/packaging.cmake)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)

set(CPACK_DEBIAN_DAEMON_PACKAGE_NAME octopusd)
set(CPACK_DEBIAN_DAEMON_PACKAGE_SECTION net)
set(CPACK_DEBIAN_DAEMON_PACKAGE_RECOMMENDS "avahi-daemon, libnss-mdns")
set(CPACK_DEBIAN_DAEMON_PACKAGE_SUGGESTS "ufw")
set(CPACK_COMPONENT_DAEMON_DESCRIPTION
"real-time mirroring of folders to other machines - daemon
Octopus mirrors folders and files from one machine to others over the
network, the moment they change, and only the part that changed. Machines
are paired by their users and talk by TLS 1.3 with pinned keys.
.
This package has the engine without a display and octopusctl, which
controls it.")

set(CPACK_DEBIAN_DESKTOP_PACKAGE_NAME octopus-mirror)
set(CPACK_DEBIAN_DESKTOP_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_DESKTOP_PACKAGE_DEPENDS "octopusd (= ${PROJECT_VERSION}), hicolor-icon-theme")
set(CPACK_DEBIAN_DESKTOP_PACKAGE_RECOMMENDS "qt6-wayland, qt6-translations-l10n")
set(CPACK_COMPONENT_DESKTOP_DESCRIPTION
"real-time mirroring of folders to other machines - desktop
Octopus mirrors folders and files from one machine to others over the
network, the moment they change, and only the part that changed. Machines
are paired by their users and talk by TLS 1.3 with pinned keys.
.
This package has the window and the tray icon, which show what is mirrored
where and how far behind it is.")
set(CPACK_DEBIAN_DAEMON_PACKAGE_CONTROL_EXTRA ${CMAKE_CURRENT_LIST_DIR}/debian/conffiles)
set(CPACK_VERBATIM_VARIABLES ON)
include(CPack)
