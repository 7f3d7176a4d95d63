# shellcheck shell=bash
# packaging/, on the project itself: it needs build/linux-7.3. One behaviour a function.

REAL=$(cd "$S/.." && pwd)
REAL_BUILD=${NFTO_BUILD:-$REAL/build}

make_source() { NFTO_ROOT=$REAL NFTO_BUILD=${1:-$REAL_BUILD} "$REAL/packaging/dkms/make-source" --version 0.1 7.3 "$T/dkms"; }
# own_tree: what packages are made from, in a copy that may be changed
own_tree() {
	local dir=$T/own/linux-7.3
	[ -e "$REAL_BUILD/linux-7.3/net/netfilter/Makefile" ] || fail "build/linux-7.3 is not there: run scripts/prepare-tree 7.3"
	mkdir -p "$T/own"
	git clone -q --shared --no-checkout "$REAL_BUILD/linux-7.3" "$dir"
	git -C "$dir" sparse-checkout set net/netfilter include/net include/linux include/trace include/uapi/linux
	git -C "$dir" checkout -q
}
commit() { git -C "$T/own/linux-7.3" -c user.name=me -c user.email=me@example.org commit -q -a -m "$1"; }

test_dkms_source_complete() {
	make_source
	cd "$T/dkms" || exit
	local f
	while read -r f; do
		case $f in
		nf_flow_table.o | nft_offload.o) ;;
		*) [ -s "${f%.o}.c" ] || fail "Kbuild wants $f, and there is no source" ;;
		esac
	done < <(grep -oE '\bnft?_[a-z_0-9]+\.o' Kbuild | sort -u)
	while read -r f; do [ -s "$f" ] || fail "$f is included, and is not there"; done < <(sed -n 's/^#include "\(.*\)"$/\1/p' ./*.c | sort -u)
	for f in $(git -C "$REAL_BUILD/linux-7.3" diff --name-only --diff-filter=A pristine..HEAD -- include); do
		[ -s "$f" ] || fail "$f is new in the series, and is not there"
	done
	! find . -type l | grep . || fail "links lead out of the source"
	! grep -rE 'LINUX_VERSION_CODE|KERNEL_VERSION' . || fail "guarded on a version"
	[ "$(find include/uapi -type f)" = include/uapi/linux/netfilter/nft_offload.h ] || fail "include/uapi has more than ours"
}

test_dkms_only_named_kernels() {
	make_source
	local regex
	# shellcheck disable=SC1091 # made by the line above
	regex=$(set +u; . "$T/dkms/dkms.conf"; echo "$BUILD_EXCLUSIVE_KERNEL")
	[[ 7.3.4+deb13-amd64 =~ $regex ]] || fail "$regex: not for Debian's kernel"
	local k
	for k in 7.3.5+deb13-amd64 7.3.4+deb13-rt-amd64 7.3.4+deb13-amd64-x 7.3.44deb13-amd64 7.30.4+deb13-amd64 6.12.0-amd64; do
		[[ ! $k =~ $regex ]] || fail "$regex: for $k, too"
	done
}

# secure boot is on if a file says so, the key is known if mokutil does
test_dkms_secure_boot() {
	make_source
	mkdir -p "$T/efi" "$T/bin"
	printf '\6\0\0\0\1' >"$T/efi/SecureBoot-8be4df61"
	sed -i "s|/sys/firmware/efi/efivars|$T/efi|" "$T/dkms/dkms.conf"
	# shellcheck disable=SC2016 # for the shell there
	printf '#!/bin/sh\necho "$2 is $MOK"\n' >"$T/bin/mokutil"
	chmod +x "$T/bin/mokutil"
	# shellcheck disable=SC2016 # for the shell there
	local conf='. "$0/dkms.conf"; [[ 7.3.4+deb13-amd64 =~ $BUILD_EXCLUSIVE_KERNEL ]]'
	! PATH=$T/bin:$PATH MOK='not enrolled' bash -c "$conf" "$T/dkms" || fail "built, and the key is not enrolled"
	PATH=$T/bin:$PATH MOK='already enrolled' bash -c "$conf" "$T/dkms" || fail "not built, and the key is enrolled"
	printf '\6\0\0\0\0' >"$T/efi/SecureBoot-8be4df61"
	PATH=$T/bin:$PATH MOK='not enrolled' bash -c "$conf" "$T/dkms" || fail "not built without secure boot"
}

test_dkms_header_without_answer() {
	own_tree
	make_source "$T/own"
	echo '/* more */' >>"$T/own/linux-7.3/include/net/dst.h"
	commit "net: more"
	fails 1 'include/net/dst.h' make_source "$T/own"
}

test_dkms_patch_that_does_not_apply() {
	own_tree
	sed -i 's/^\tif (block_cb->pppoe_pop)/\tif (block_cb \&\& block_cb->pppoe_pop)/' "$T/own/linux-7.3/net/netfilter/nf_flow_table_offload.c"
	commit "flowtable: another condition"
	fails 1 'pppoe-pop.patch does not apply' make_source "$T/own"
}

test_dkms_modules_renamed() {
	own_tree
	sed -i 's/^nft_offload-objs/nft_onload-objs/' "$T/own/linux-7.3/net/netfilter/Makefile"
	commit "flowtable: another name"
	fails 1 'what nft_offload is made of' make_source "$T/own"
}

test_deb_symbols_are_the_map() {
	diff <(sed -n 's/^\t\([a-z_0-9]*\);$/\1/p' "$REAL/libnftnl/src/libnftnl-offload.map" | sort) \
		<(sed -n 's/^ \([a-z_0-9]*\)@.*/\1/p' "$REAL/packaging/debian/libnftnl-offload1.symbols" | sort) ||
		fail "packaging/debian/libnftnl-offload1.symbols has other symbols than the library's map"
}

test_deb_scripts_parse() {
	local f
	for f in "$REAL"/packaging/debian/*.{preinst,postinst,prerm} "$REAL/packaging/debian/nft-offload-reload"; do
		sh -n "$f"
	done
	fails 2 'unknown argument' sh "$REAL/packaging/debian/nft-offload-reload" sideways
	sh "$REAL/packaging/debian/nft-offload-reload" --help | grep -q '^usage: nft-offload-reload'
	groff -man -ww -Tutf8 "$REAL/packaging/debian/nft-offload-reload.8" >/dev/null
}

test_cockpit_files_are_there() {
	cd "$REAL/packaging/cockpit" || exit
	python3 -c 'import json; json.load(open("manifest.json"))'
	local f
	while read -r f; do
		[ -s "$f" ] || fail "$f is named, and is not there"
	done < <(sed -nE 's/.* from "\.\/(.*)";$/\1/p; s/.*(src|href)="([a-z-]+\.(js|css))".*/\2/p' ./*.js index.html | sort -u)
	! grep -nE 'innerHTML|outerHTML|insertAdjacentHTML|document\.write' ./*.js || fail "names may have markup in them"
	! grep -nE '(src|href)="(https?:)?//' index.html || fail "it loads what the package does not have"
}

test_deb_one_version() {
	local version
	# shellcheck disable=SC2016 # for the shell there
	version=$(NFTO_ROOT=$REAL bash -euc '. "$0/lib.sh"; . "$0/../packaging/version.sh"; package_version' "$S")
	[[ $version =~ ^$(sed -n 's/^VERSION ?= //p' "$REAL/nftables/Makefile")(\+git[0-9]{14}\.[0-9a-f]+)?$ ]] || fail "version '$version'"
	! grep -rnE '^(VERSION|PACKAGE_VERSION)="?[0-9]' "$REAL/packaging" || fail "another version"
}
