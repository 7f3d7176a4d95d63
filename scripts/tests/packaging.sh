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

# hooks: those of DKMS, with $T/modules in place of /lib/modules
hooks() {
	make_source
	mkdir -p "$T/modules/k/kernel/net/netfilter" "$T/built"
	echo theirs >"$T/modules/k/kernel/net/netfilter/nf_flow_table.ko.xz"
	echo theirs >"$T/modules/k/kernel/net/netfilter/nft_flow_offload.ko.xz"
	echo ours >"$T/built/nf_flow_table.ko.xz"
	sed -i "s|/lib/modules|$T/modules|" "$T/dkms/pre-install" "$T/dkms/post-install"
}

test_dkms_hides_no_module() {
	hooks
	local stock=$T/modules/k/kernel/net/netfilter/nf_flow_table.ko.xz inode
	inode=$(stat -c %i "$stock")
	sh "$T/dkms/pre-install" k "$T/built"
	[ "$(cat "$stock")" = theirs ] || fail "the kernel's module cannot be loaded while DKMS is at work"
	[ -z "$(find "$T/modules" -name nf_flow_table.ko.xz -type f)" ] || fail "DKMS would move the kernel's module away"
	sh "$T/dkms/pre-install" k "$T/built" # once more, after one that ended in the middle
	sh "$T/dkms/post-install" k
	if [ "$(stat -c %i "$stock")" != "$inode" ] || [ -L "$stock" ]; then fail "the kernel's module is another file"; fi
	[ "$(find "$T/modules" -type f | wc -l)" -eq 2 ] || fail "something is left: $(find "$T/modules" -type f)"
}

test_dkms_begins_nothing_without_room() {
	hooks
	rm "$T/built/nf_flow_table.ko.xz"
	mkdir "$T/built/nf_flow_table.ko.xz" # cannot be read
	! sh "$T/dkms/pre-install" k "$T/built" 2>"$T/said" || fail "it goes on"
	grep -q 'no room for the modules' "$T/said" || fail "it says: $(cat "$T/said")"
	if [ -n "$(find "$T/modules" -type l)" ] || [ -e "$T/modules/k/updates" ]; then fail "something was changed"; fi
}

# all modules of one build, and no others, know the names of what they share
test_dkms_modules_do_not_mix() {
	make_source
	local id s shared
	id=$(sed -n 's/^SOURCE_ID := //p' "$T/dkms/Kbuild.id")
	[[ $id =~ ^[0-9a-f]{12}$ ]] || fail "no name for what is built: '$id'"
	read -ra shared < <(sed -n 's/^own := //p' "$T/dkms/Kbuild")
	[ ${#shared[@]} -gt 0 ] || fail "they share nothing"
	for s in "${shared[@]}"; do
		grep -q "^EXPORT_SYMBOL_GPL($s);" "$T"/dkms/nf_flow_table_*.c || fail "nf_flow_table does not export $s"
		grep -q "\b$s(" "$T/dkms/nft_flow_offload.c" "$T"/dkms/nft_offload_*.c || fail "nobody takes $s"
	done
	grep -q 'nft_flow_route(' "$T/dkms/nft_flow_offload.c" || fail "nft_flow_offload takes none of them"
	grep -q 'nf_flow_acct_get(' "$T"/dkms/nft_offload_*.c || fail "nft_offload takes none of them"
	own_tree
	echo '/* more */' >>"$T/own/linux-7.3/net/netfilter/nft_offload_main.c"
	commit "more"
	make_source "$T/own"
	[ "$(sed -n 's/^SOURCE_ID := //p' "$T/dkms/Kbuild.id")" != "$id" ] || fail "another source has the same name"
}

test_dkms_netdevsim_complete() {
	NFTO_ROOT=$REAL NFTO_BUILD=$REAL_BUILD "$REAL/packaging/dkms/make-netdevsim" --version 0.1 7.3 "$T/netdevsim"
	cd "$T/netdevsim" || exit
	local f
	while read -r f; do
		[ "$f" = netdevsim.o ] || [ -s "${f%.o}.c" ] || fail "Kbuild wants $f, and there is no source"
	done < <(grep -oE '\b[a-z_]+\.o\b' Kbuild | sort -u)
	while read -r f; do [ -s "$f" ] || fail "$f is included, and is not there"; done < <(sed -n 's/^#include "\(.*\)"$/\1/p' ./*.c ./*.h | sort -u)
	grep -q flow_table_rule.o Kbuild || fail "without the emulated switch"
	[ ! -e flow_table_test.c ] || fail "tests are in it"
}

# The file is complete, or says that it is not; the tool is a script here
test_prometheus_textfile() {
	local status file=$T/prom/nft-offload.prom
	mkdir -p "$T/bin" "$T/prom"
	# shellcheck disable=SC2016 # for the shell there
	printf '#!/bin/sh\necho "nft_offload_flows $FLOWS"\nexit $STATUS\n' >"$T/bin/nft-offload"
	chmod +x "$T/bin/nft-offload"
	# textfile FLOWS STATUS [DIRECTORY]: of the tool
	textfile() { PATH=$T/bin:$PATH FLOWS=$1 STATUS=$2 sh "$REAL/packaging/prometheus/nft-offload-textfile" "${3:-$T/prom}" 2>"$T/said"; }
	textfile 7 0
	[ "$(grep -v '^#' "$file")" = $'nft_offload_flows 7\nnft_offload_textfile_success 1' ] || fail "it has: $(cat "$file")"
	[ "$(stat -c %a "$file")" = 644 ] || fail "not for everybody to read"
	status=0
	textfile 8 1 || status=$?
	[ "$status $(grep -v '^#' "$file")" = '1 nft_offload_textfile_success 0' ] || fail "status $status, and it has: $(cat "$file")"
	! textfile 7 0 "$T/nosuch" || fail "a directory that is not there"
	grep -q "there is no directory $T/nosuch" "$T/said" || fail "it says: $(cat "$T/said")"
	[ "$(ls -A "$T/prom")" = nft-offload.prom ] || fail "something is left: $(ls -A "$T/prom")"
	groff -man -ww -Tutf8 "$REAL/packaging/debian/nft-offload-textfile.8" >/dev/null
}

test_readme_installs_in_five_lines() {
	local lines
	lines=$(sed -n '/^### Install on Debian/,/^###* [^I]/{s/^    \([a-z]\)/\1/p}' "$REAL/README.md")
	[ "$(wc -l <<<"$lines")" -eq 5 ] || fail "these are no five lines: $lines"
	[[ $lines = *linux-headers-$(sed -n '/^[0-9]/p' "$REAL/packaging/dkms/kernels" | head -n 1)* ]] || fail "headers of another kernel"
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
