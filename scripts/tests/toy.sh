# shellcheck shell=bash
# shellcheck disable=SC2034 # cases.sh uses these
# The toy: a Linux tree of a few files, a project with two patches, and assertions.

put() { mkdir -p "$(dirname "$1")"; cat >"$1"; }

toy_linux() {
	local t=$1
	printf 'VERSION = 7\nPATCHLEVEL = 3\nSUBLEVEL = 4\nEXTRAVERSION =\n' | put "$t/Makefile"
	{ for i in $(seq 40); do echo "int line_$i;"; done; } | put "$t/net/netfilter/core.c"
	printf 'obj-y += core.o\n' | put "$t/net/netfilter/Makefile"
	printf 'config CORE\n\tbool "core"\n' | put "$t/net/netfilter/Kconfig"
	printf '*.o\n*.patch\n/*\n!/debian/\n' | put "$t/.gitignore"
	printf 'dropped by .gitignore\n' | put "$t/kept.patch"
	printf '*.[ch] diff=cpp\n' | put "$t/.gitattributes"
}

toy_project() {
	local p=$1 s=$1/kernel/series.d
	printf '# name package suite version sha256\n7.3 linux-source-7.3 trixie-backports 7.3.4-1 0\n7.4 linux-source-7.4 x 7.4.1-1 0\n' | put "$p/kernel/bases"
	cp "$S/../kernel/pathmap" "$p/kernel/pathmap"
	printf 'int toy;\n' | put "$p/kernel/net/netfilter/toy.c"
	printf '#!/bin/sh\necho ok\n' | put "$p/selftests/net/netfilter/nft_offload_toy.sh"
	chmod +x "$p/selftests/net/netfilter/nft_offload_toy.sh"
	printf 'toy series\n\nWhy the toy.\n' | put "$s/cover-letter"
	printf 'netfilter: toy: add it\n\nThe toy is needed.\n' | put "$s/0001-toy/message"
	printf 'net/netfilter/toy.c\n' | put "$s/0001-toy/files"
	put "$s/0001-toy/hooks.7.3.diff" <<-'EOF'
	diff --git a/net/netfilter/Makefile b/net/netfilter/Makefile
	--- a/net/netfilter/Makefile
	+++ b/net/netfilter/Makefile
	@@ -1 +1,2 @@
	 obj-y += core.o
	+obj-y += toy.o
	EOF
	printf 'selftests: netfilter: test the toy\n\nIt is tested.\n\nFixes: 0123456789ab ("core: thing")\n' | put "$s/0002-toy-test/message"
	printf 'tools/testing/selftests/net/netfilter/nft_offload_toy.sh\n' | put "$s/0002-toy-test/files"
	put "$s/0002-toy-test/hooks.7.3.diff" <<-'EOF'
	diff --git a/net/netfilter/core.c b/net/netfilter/core.c
	--- a/net/netfilter/core.c
	+++ b/net/netfilter/core.c
	@@ -19,6 +19,7 @@
	 int line_19;
	 int line_20;
	 int line_21;
	+int toy_hook;
	 int line_22;
	 int line_23;
	 int line_24;
	EOF
}

# toy_template: made once, with the base fetched, the tree prepared, the patches generated.
toy_template() {
	local log=$WORK/template.log
	T=$WORK/template
	toy_linux "$T/linux"
	toy_project "$T/project"
	toy_env
	{ fetch && run prepare-tree 7.3 && run gen-series 7.3; } >"$log" 2>&1 || { cat "$log"; echo "Bail out! no template"; exit 1; }
}

# toy_copy DIR: a copy for one test; git's worktree links are paths, so the tree is made anew.
toy_copy() {
	cp -a "$WORK/template" "$1"
	T=$1
	toy_env
	rm -rf "$NFTO_BUILD/linux-7.3"*
	git -C "$NFTO_BUILD/base-7.3" worktree prune
	run prepare-tree 7.3
}

toy_env() {
	export NFTO_ROOT=$T/project NFTO_BUILD=$T/build
	P=$NFTO_ROOT
	TREE=$NFTO_BUILD/linux-7.3
	SERIES=$P/kernel/series.d
	OUT=$P/patches/linux-7.3
}

run() { "$S/$1" "${@:2}"; }
fetch() { LINUX_SRC=$T/linux run fetch-base 7.3; }
# toy_deb: the toy tree, its tarball as it is in $T/tar.xz if that exists, as the package
toy_deb() {
	local d=$T/deb deb=$NFTO_BUILD/cache/linux-source-7.3_7.3.4-1_all.deb
	mkdir -p "$d/DEBIAN" "$d/usr/src" "${deb%/*}"
	[ -e "$T/tar.xz" ] || tar -C "$T" -cJf "$T/tar.xz" linux
	mv "$T/tar.xz" "$d/usr/src/linux-source-7.3.tar.xz"
	printf 'Package: linux-source-7.3\nVersion: 7.3.4-1\nArchitecture: all\nMaintainer: toy\nDescription: toy\n' >"$d/DEBIAN/control"
	dpkg-deb -b "$d" "$deb"
	printf '7.3 linux-source-7.3 x 7.3.4-1 %s\n' "$(sha256sum <"$deb" | cut -d' ' -f1)" >"$P/kernel/bases"
}
# fetch_deb: import the package even if the base is one
fetch_deb() {
	[ ! -e "$NFTO_BUILD/base-7.3.stamp" ] || echo another >"$NFTO_BUILD/base-7.3.stamp"
	run fetch-base 7.3
}
base_files() { bash -euc '. "$0/lib.sh"; set_base 7.3; need_base_files' "$S"; }
base_is_source() { # WHEN
	base_files
	diff -r --no-dereference --exclude=.git "$T/linux" "$NFTO_BUILD/base-7.3" || fail "$1: base differs from its source"
}
no_leftovers() { # WHEN
	[ -z "$(find "$NFTO_BUILD" -maxdepth 1 -name '.tmp-base*')" ] || fail "$1: temporary files left"
}
fail() { echo "FAILED: $*"; exit 1; }
# fails STATUS WORDS COMMAND...: it ends with this status and says these words
fails() {
	local want=$1 words=$2 got=0 out
	shift 2
	out=$("$@" 2>&1) || got=$?
	[ $got -eq "$want" ] || fail "$*: status $got, not $want: $out"
	[[ $out == *"$words"* ]] || fail "$*: does not say '$words': $out"
}
same() { diff -r "$1" "$2" || fail "$1 and $2 differ"; }
has() { grep -qF -- "$2" "$1" || fail "$1 does not contain '$2': $(cat "$1")"; }
clean_tree() {
	[ -z "$(git -C "$TREE" status --porcelain)" ] || fail "the tree is not clean: $(git -C "$TREE" status --porcelain)"
}
# commit_in_tree SUBJECT
commit_in_tree() {
	git -C "$TREE" add -A -f
	git -C "$TREE" -c user.name=me -c user.email=me@example.org commit -q -m "$1"
}
