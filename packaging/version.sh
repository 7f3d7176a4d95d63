# shellcheck shell=bash
# The version of packages. To be sourced after lib.sh.

# package_version: that of the tool, in nftables/Makefile, and in a clone the commit: so DKMS
# builds again what another commit has changed. NFTO_VERSION, if set, instead.
package_version() {
	local version commit
	if [ -n "${NFTO_VERSION-}" ]; then
		printf '%s\n' "$NFTO_VERSION"
		return
	fi
	version=$(sed -n 's/^VERSION ?= *\([0-9.]*\)$/\1/p' "$ROOT/nftables/Makefile")
	[ -n "$version" ] || die "nftables/Makefile does not say its VERSION"
	if commit=$(git -C "$ROOT" log -1 --date=format-local:%Y%m%d%H%M%S --format=%cd.%h 2>/dev/null); then
		version+="+git$commit"
	fi
	printf '%s\n' "$version"
}
