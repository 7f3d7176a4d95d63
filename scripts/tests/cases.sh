# shellcheck shell=bash
# One behaviour a function; each starts in a fresh copy of the toy, prepared and generated.

test_gen_series_same_bytes() {
	cp -a "$OUT" "$T/first"
	rm -rf "$OUT"
	HOME=$T TZ=Asia/Tokyo LANG=de_DE.UTF-8 GIT_AUTHOR_NAME=x run gen-series 7.3
	same "$T/first" "$OUT"
	(cd "$OUT" && ls) | diff - <(printf '%s\n' 0001-netfilter-toy-add-it.patch \
		0002-selftests-netfilter-test-the-toy.patch cover-letter series) || fail "names"
	has "$OUT/cover-letter" 'Subject: [PATCH 0/2] toy series'
	has "$OUT/cover-letter" '4 files changed'
	! grep -q '^diff --git' "$OUT/cover-letter" || fail "a diff in the cover letter"
	has "$OUT/0002-selftests-netfilter-test-the-toy.patch" 'new file mode 100755'
}

test_gen_series_check_stale() {
	run gen-series --check 7.3
	echo 'int more;' >>"$P/kernel/net/netfilter/toy.c"
	fails 1 'stale' run gen-series --check 7.3
	fails 1 'not ok - generated' run check-series 7.3 generated
}

test_gates_pass() { run check-series 7.3 messages generated am identity; }

test_am_gate_wrong_context() {
	sed -i 's/^ int line_20;/ int line_twenty;/' "$OUT/0002-"*
	fails 1 'not ok - am' run check-series 7.3 am
}

test_am_gate_offset() {
	sed -i 's/^int line_1;/int line_0;\nint line_1;/' "$T/linux/net/netfilter/core.c"
	fetch
	# pretend this is the recorded version
	printf '7.3 linux-source-7.3 s 1 0\n' >"$P/kernel/bases"
	echo 'package linux-source-7.3 1 0' >"$NFTO_BUILD/base-7.3.stamp"
	fails 1 'offset' run check-series 7.3 am
}

test_identity_unlisted_file() {
	echo 'int lost;' >"$P/kernel/net/netfilter/lost.c"
	fails 1 'kernel/net/netfilter/lost.c is in no' run check-series 7.3 identity
}

test_identity_content_and_mode() {
	chmod -x "$P/selftests/net/netfilter/nft_offload_toy.sh"
	fails 1 'not ok - identity' run check-series 7.3 identity
}

test_messages_gate() {
	printf 'no prefix\n\nFixes: 123 (x)\n' >"$SERIES/0001-toy/message"
	fails 1 'malformed Fixes' run check-series 7.3 messages
	fails 1 'no body' run check-series 7.3 messages
	fails 1 'prefix' run check-series 7.3 messages
	printf 'net: x\n\nBody.\n\nSigned-off-by: A <a@example.org>\n' >"$SERIES/0001-toy/message"
	fails 1 'sign-off' run check-series 7.3 messages
}

test_topics() {
	printf '# of the toy\n0001-toy The toy\n0002-toy-test Its test\n' >"$P/kernel/series.d/topics"
	run gen-series 7.3
	has "$OUT/cover-letter" ' Its test'
	run check-series 7.3 messages
	printf '0002-toy-test Its test\n' >"$P/kernel/series.d/topics"
	fails 1 '0001-toy has no topic' run check-series 7.3 messages
	printf '0001-toy The toy\n0003-moon Moon\n' >"$P/kernel/series.d/topics"
	fails 1 '0003-moon' run check-series 7.3 messages
	printf '0002-toy-test Its test\n0001-toy The toy\n' >"$P/kernel/series.d/topics"
	fails 1 'not in order' run check-series 7.3 messages
	printf '0001-toy The toy\n' >"$P/kernel/series.d/topics"
	local i
	for i in {3..16}; do
		cp -r "$SERIES/0002-toy-test" "$SERIES/$(printf %04d "$i")-more"
	done
	fails 1 "'The toy' has 16 patches" run check-series 7.3 messages
}

test_absorb_new_and_hooked_file() {
	echo 'int edited;' >>"$TREE/net/netfilter/toy.c"
	sed -i 's/^int toy_hook;/int toy_hook_edited;/' "$TREE/net/netfilter/core.c"
	run absorb-tree 7.3
	has "$P/kernel/net/netfilter/toy.c" 'int edited;'
	has "$SERIES/0002-toy-test/hooks.7.3.diff" '+int toy_hook_edited;'
	has "$NFTO_BUILD/absorb-backup.diff" '+int edited;'
	clean_tree
	run gen-series 7.3
	run check-series 7.3 generated am identity
	# the same as prepared from nothing
	cp -a "$TREE" "$T/absorbed"
	rm -rf "$TREE"*
	run prepare-tree 7.3
	diff -r --exclude=.git "$TREE" "$T/absorbed" || fail "absorbed tree differs from a fresh one"
}

test_absorb_brand_new_needs_into() {
	echo 'int second;' >"$TREE/net/netfilter/second.c"
	printf '#!/bin/sh\n' >"$TREE/tools/testing/selftests/net/netfilter/two.sh"
	chmod +x "$TREE/tools/testing/selftests/net/netfilter/two.sh"
	fails 1 'new file net/netfilter/second.c' run absorb-tree 7.3
	[ ! -e "$P/kernel/net/netfilter/second.c" ] || fail "written though refused"
	run absorb-tree --into 0001-toy 7.3
	has "$SERIES/0001-toy/files" net/netfilter/second.c
	[ -x "$P/selftests/net/netfilter/two.sh" ] || fail "mode lost"
	clean_tree
}

test_absorb_unhooked_file_needs_into() {
	echo 'config TOY' >>"$TREE/net/netfilter/Kconfig"
	fails 1 'net/netfilter/Kconfig, which no patch hooks' run absorb-tree 7.3
	run absorb-tree --into 0001-toy 7.3
	has "$SERIES/0001-toy/hooks.7.3.diff" '+config TOY'
	clean_tree
}

test_absorb_fixup_commits() {
	sed -i '1s/^/int first;\n/' "$TREE/net/netfilter/core.c" # patch 1 gets a hook in patch 2's file
	echo 'int x;' >"$TREE/net/netfilter/extra.c"
	echo 'echo more' >>"$TREE/tools/testing/selftests/net/netfilter/nft_offload_toy.sh" # a later patch's file
	commit_in_tree 'fixup! netfilter: toy: add it'
	sed -i 's/^int toy_hook;/int toy_fixed;/' "$TREE/net/netfilter/core.c"
	commit_in_tree 'fixup! selftests: netfilter: test the toy'
	echo '# uncommitted' >>"$TREE/net/netfilter/Makefile"
	run absorb-tree 7.3
	has "$SERIES/0001-toy/hooks.7.3.diff" '+int first;'
	has "$SERIES/0001-toy/hooks.7.3.diff" '+# uncommitted'
	has "$SERIES/0001-toy/files" net/netfilter/extra.c
	has "$SERIES/0002-toy-test/hooks.7.3.diff" '+int toy_fixed;'
	has "$P/selftests/net/netfilter/nft_offload_toy.sh" 'echo more'
	clean_tree
	run gen-series 7.3
	run check-series 7.3 generated am identity
}

test_absorb_new_patches() {
	rm -rf "$SERIES"/0* # from nothing
	run prepare-tree 7.3
	rm "$P/kernel/net/netfilter/toy.c" "$P/selftests/net/netfilter/nft_offload_toy.sh"
	git -C "$TREE" checkout -q -b work
	sed -i 's/^int line_9;/int fixed_9;/' "$TREE/net/netfilter/core.c"
	commit_in_tree $'netfilter: core: Fix nine\n\nNine was wrong.'
	sed -i 's/^int fixed_9;/int fixed_9, ten;/' "$TREE/net/netfilter/core.c"
	echo 'int toy;' >"$TREE/net/netfilter/toy.c"
	commit_in_tree $'netfilter: toy: add\n\nA toy.'
	sed -i 's/^int line_30;/int fixed_30;/' "$TREE/net/netfilter/core.c"
	commit_in_tree 'fixup! netfilter: core: Fix nine'
	echo 'int loose;' >>"$TREE/net/netfilter/core.c"
	run absorb-tree 7.3
	(cd "$SERIES" && echo 0*) | diff - <(echo 0001-fix-nine 0002-add) || fail "folders"
	has "$SERIES/0001-fix-nine/message" 'Nine was wrong.'
	has "$SERIES/0001-fix-nine/hooks.7.3.diff" '+int fixed_30;'
	has "$SERIES/0002-add/hooks.7.3.diff" '+int fixed_9, ten;'
	has "$SERIES/0002-add/hooks.7.3.diff" '+int loose;'
	has "$SERIES/0002-add/files" 'net/netfilter/toy.c'
	clean_tree
	run gen-series 7.3
	run check-series 7.3 messages generated am identity
}

test_absorb_conflict_writes_nothing() {
	sed -i 's/^int toy_hook;/int toy_other;/' "$TREE/net/netfilter/core.c" # patch 2's line
	cp -a "$P" "$T/before"
	fails 1 'nothing was written' run absorb-tree --into 0001-toy 7.3
	same "$P" "$T/before"
	has "$TREE/net/netfilter/core.c" 'int toy_other;'
}

test_absorb_refuses_unknown_fixup() {
	echo 'int x;' >>"$TREE/net/netfilter/toy.c"
	commit_in_tree 'fixup! some other thing'
	fails 1 "no patch has the subject 'some other thing'" run absorb-tree 7.3
}

test_absorb_removed_file_and_hook() {
	rm "$TREE/net/netfilter/toy.c"
	git -C "$TREE" show pristine:net/netfilter/Makefile >"$TREE/net/netfilter/Makefile"
	run absorb-tree 7.3
	[ ! -e "$P/kernel/net/netfilter/toy.c" ] || fail "toy.c is still there"
	[ ! -e "$SERIES/0001-toy/files" ] || fail "still listed"
	[ ! -e "$SERIES/0001-toy/hooks.7.3.diff" ] || fail "still hooked"
	clean_tree
}

test_absorb_after_kernel_moved_on() {
	echo 'int edited;' >>"$TREE/net/netfilter/core.c"
	echo 'int direct;' >>"$P/kernel/net/netfilter/toy.c"
	run absorb-tree 7.3
	has "$P/kernel/net/netfilter/toy.c" 'int direct;'
	has "$TREE/net/netfilter/toy.c" 'int direct;'
	has "$SERIES/0002-toy-test/hooks.7.3.diff" '+int edited;'
	clean_tree
}

test_prepare_keeps_edits() {
	echo 'int mine;' >>"$TREE/net/netfilter/core.c"
	run prepare-tree 7.3 # nothing to do
	echo 'int new;' >>"$P/kernel/net/netfilter/toy.c"
	fails 1 'absorb-tree' run prepare-tree 7.3
	has "$TREE/net/netfilter/core.c" 'int mine;'
	commit_in_tree 'work'
	fails 1 'commits of its own' run prepare-tree 7.3
	run prepare-tree --force 7.3
	has "$TREE/net/netfilter/toy.c" 'int new;'
	clean_tree
}

test_prepare_touches_only_what_differs() {
	local before after
	before=$(stat -c %Y.%i "$TREE/net/netfilter/core.c" "$TREE/Makefile")
	sleep 1.1
	echo 'int new;' >>"$P/kernel/net/netfilter/toy.c"
	run prepare-tree 7.3
	after=$(stat -c %Y.%i "$TREE/net/netfilter/core.c" "$TREE/Makefile")
	[ "$before" = "$after" ] || fail "rewrote files that are equal"
	has "$TREE/net/netfilter/toy.c" 'int new;'
}

# killed STAGE COMMAND...: run it with a git that dies, and its caller with it, at that git command
killed() {
	local stage=$1
	shift
	mkdir -p "$T/bin"
	# shellcheck disable=SC2016
	printf '#!/bin/bash\ncase " $* " in *" %s "*) touch "$(%s -C "$2" rev-parse --absolute-git-dir 2>/dev/null)/index.lock" 2>/dev/null; kill -9 $PPID; exit 1 ;; esac\nexec %s "$@"\n' \
		"$stage" "$(command -v git)" "$(command -v git)" >"$T/bin/git"
	chmod +x "$T/bin/git"
	! (PATH=$T/bin:$PATH "$@") || fail "$* was not killed at $stage"
}

test_killed_prepare_tree() {
	local stage i=0
	for stage in 'reset' 'worktree add' 'update-ref' 'commit-tree'; do
		echo "int for_$((i += 1));" >>"$P/kernel/net/netfilter/toy.c"
		[ "$stage" != 'worktree add' ] || rm -rf "$TREE"
		killed "$stage" run prepare-tree 7.3
		run prepare-tree 7.3
		same "$P/kernel/net/netfilter/toy.c" "$TREE/net/netfilter/toy.c"
		clean_tree
	done
}

test_killed_fetch_base() {
	local stage
	for stage in fast-import commit-tree refs/tags/pristine refs/heads/base; do
		rm -rf "$NFTO_BUILD"
		killed "$stage" fetch
		fetch
		base_is_source "$stage"
		no_leftovers "$stage"
	done
	# and one killed while the base is replaced
	for stage in fast-import commit-tree refs/tags/pristine refs/heads/base; do
		echo "int $stage;" >>"$T/linux/net/netfilter/core.c"
		killed "$stage" fetch
		fetch
		base_is_source "replaced, $stage"
		no_leftovers "replaced, $stage"
	done
	cp -p "$T/linux/net/netfilter/core.c" "$T/core.c" # undone later: the tree has its old identity
	echo 'int undone;' >>"$T/linux/net/netfilter/core.c"
	killed refs/heads/base fetch
	cp -p "$T/core.c" "$T/linux/net/netfilter/core.c"
	fetch
	base_is_source "replaced and undone"
}

test_killed_base_files() {
	local base=$NFTO_BUILD/base-7.3
	[ ! -e "$base/Makefile" ] || fail "checked out though nobody asked"
	killed read-tree base_files
	echo half >"$base/Makefile"
	echo half >"$base/gone-in-the-next-release"
	base_is_source "first checkout"
	rm "$T/linux/kept.patch"
	echo 'int v5;' >>"$T/linux/net/netfilter/core.c"
	fetch
	killed read-tree base_files
	rm "$base/kept.patch" "$base/Makefile"
	echo half >"$base/net/netfilter/core.c"
	base_is_source "checkout of another release"
	echo 'int mine;' >>"$base/net/netfilter/core.c"
	base_files
	has "$base/net/netfilter/core.c" 'int mine;' # all there: nothing to do
}

test_import_is_git_add() {
	local l=$T/linux deep want long
	long=$(printf 'x%.0s' {1..120})
	deep=$l/a/b/c/d/$long
	mkdir -p "$deep" "$l/empty/dir"
	echo deep >"$deep/file"
	ln -s "../$long/$long" "$l/long link"
	ln -s Makefile "$l/link"
	ln "$l/Makefile" "$l/hard link"
	ln "$deep/file" "$l/a/a hard link"
	printf '#!/bin/sh\n' >"$l/run"
	chmod 755 "$l/run"
	ln "$l/run" "$l/run too"
	: >"$l/none"
	printf 'one\r\ntwo\r\n' >"$l/dos.txt"
	printf '* text=auto eol=crlf\n' >>"$l/.gitattributes"
	printf 'no end of line' >"$l/net/two  words "
	echo x >"$l/net/"$'\303\274ber "\\n"\nline'
	echo x >"$l/net/"$'latin \374'
	chmod 600 "$l/none"
	cp -a "$l" "$T/copy"
	# shellcheck disable=SC2016 # for the shell there
	want=$(bash -euc '. "$0/lib.sh"; cd "$1"; git init -q .; echo "* -text" >.git/info/attributes
		git add -A -f .; git commit-tree "$(git write-tree)" <<<"Linux 7.3.4"' "$S" "$T/copy")
	imported() { [ "$(git -C "$NFTO_BUILD/base-7.3" rev-parse pristine)" = "$want" ] || fail "$1: $(git -C "$T/copy" diff --stat "$want" "$(git -C "$NFTO_BUILD/base-7.3" rev-parse pristine)" 2>&1)"; }
	rm -rf "$NFTO_BUILD"
	git init -q "$l" # it has a .git, but no HEAD
	fetch
	imported "plain tree"
	rm -rf "$l/.git"
	rmdir "$l/empty/dir" "$l/empty"
	base_is_source "plain tree"
	git -C "$T/copy" update-ref HEAD "$want"
	rm -rf "$NFTO_BUILD"
	LINUX_SRC=$T/copy run fetch-base 7.3
	imported "git tree"
	cp "$l/.gitignore" "$T/gitignore"
	printf '\n#\n# Debian packaging: ignore everything except debian/\n#\n/*\n!/debian/\n' >>"$l/.gitignore"
	toy_deb
	fetch_deb # over the tree's
	imported "package in the place of a tree"
	rm -rf "$NFTO_BUILD/base-7.3"*
	fetch_deb
	imported package
	has "$NFTO_BUILD/base-7.3.stamp" 'package linux-source-7.3 7.3.4-1'
	cp "$T/gitignore" "$l/.gitignore"
	base_is_source package
	run prepare-tree --force 7.3
	clean_tree
}

# by .gitattributes, though the base's is not checked out
test_hunks_name_functions() {
	{ echo 'int function(void)' && echo '{' && echo 'label:' && seq 20 30; } >>"$T/linux/net/netfilter/core.c"
	fetch
	run prepare-tree 7.3
	sed -i 's/^28$/29/' "$TREE/net/netfilter/core.c"
	run absorb-tree 7.3
	run gen-series 7.3
	has "$OUT/0002-selftests-netfilter-test-the-toy.patch" '@@ int function(void)'
	cp -r "$OUT" "$T/first"
	base_files
	run gen-series 7.3
	same "$T/first" "$OUT"
}

test_base_follows_its_source() {
	base_is_source "tree"
	echo 'int v5;' >>"$T/linux/net/netfilter/core.c"
	echo new >"$T/linux/new"
	toy_deb
	fetch_deb
	base_is_source "package"
	rm "$T/linux/new"
	toy_deb
	fetch_deb
	base_is_source "package, another one"
	echo 'int v6;' >>"$T/linux/net/netfilter/core.c"
	fetch
	base_is_source "tree again"
	run prepare-tree 7.3
	run gen-series 7.3
	run check-series 7.3 am identity
}

# damaged WORDS: fetch-base refuses the package, and all is as it was, with and without a base
damaged() {
	local before
	toy_deb
	before=$(find "$NFTO_BUILD" | sort)
	fails 1 "$1" fetch_deb
	diff <(echo "$before") <(find "$NFTO_BUILD" | sort) || fail "$1: something was left or lost"
}

test_damaged_package() {
	local source=$T/linux.tar half
	for _ in with without; do
		tar -C "$T" -cf "$source" linux
		xz -c "$source" | head -c -4 >"$T/tar.xz" # nothing but xz's own end is missing
		damaged 'cannot import package linux-source-7.3'
		half=$(grep -abo -m 1 linux/net/netfilter/core.c "$source" | cut -d: -f1) # its header
		head -c $((half + 600)) "$source" | xz >"$T/tar.xz"
		damaged 'the archive is damaged: unexpected end of data'
		head -c "$half" "$source" | xz >"$T/tar.xz"
		damaged 'the archive is damaged: empty header'
		{ head -c "$half" "$source"; echo x; tail -c +$((half + 3)) "$source"; } | xz >"$T/tar.xz"
		damaged 'the archive is damaged: bad checksum'
		mkfifo "$T/linux/net/a pipe"
		damaged "'linux/net/a pipe' is neither a file, a directory nor a link"
		rm "$T/linux/net/a pipe"
		tar -C "$T" -cJf "$T/tar.xz" linux/Makefile --transform 's,linux/,,'
		damaged "a file cannot have this name: 'Makefile'"
		mkdir "$T/linux/net/.git"
		: >"$T/linux/net/.git/config"
		damaged "a file cannot have this name: 'linux/net/.git/config'"
		rm -r "$T/linux/net/.git"
		tar -C "$T/linux" -cJf "$T/tar.xz" net
		damaged 'cannot import'
		rm -rf "$NFTO_BUILD/base-7.3" "$NFTO_BUILD/base-7.3.stamp" "$NFTO_BUILD/linux-7.3"*
	done
}

test_fetch_is_cached_and_follows_its_source() {
	local one two
	one=$(git -C "$NFTO_BUILD/base-7.3" rev-parse pristine)
	fetch
	[ "$(git -C "$NFTO_BUILD/base-7.3" rev-parse pristine)" = "$one" ] || fail "fetched again"
	git -C "$NFTO_BUILD/base-7.3" cat-file -e pristine:kept.patch || fail ".gitignore dropped a file"
	# a git tree is taken at HEAD
	git -C "$T/linux" init -q
	git -C "$T/linux" add -A -f
	git -C "$T/linux" -c user.name=a -c user.email=a@example.org commit -q -m one
	echo 'int uncommitted;' >>"$T/linux/net/netfilter/core.c"
	fetch
	two=$(git -C "$NFTO_BUILD/base-7.3" rev-parse pristine)
	[ "$one" = "$two" ] || fail "the same tree gave another commit, or uncommitted edits"
}

test_bad_arguments() {
	local s
	for s in fetch-base prepare-tree gen-series absorb-tree check-series; do
		fails 1 "unknown base '6.66'; kernel/bases has: 7.3 7.4" run $s 6.66
		fails 2 "--nonsense" run $s --nonsense 7.3
		fails 2 "which base" run $s
		fails 0 "usage: $s" run $s --help
	done
	fails 2 "unexpected argument 'more'" run fetch-base 7.3 more
	fails 2 "unknown gate 'moon'" run check-series 7.3 moon
	fails 2 "no patch kernel/series.d/0009-x" run absorb-tree --into 0009-x 7.3
	fails 2 "unknown argument 'x'" run setup x
	fails 1 "/nowhere is not a directory" env LINUX_SRC=/nowhere "$S/fetch-base" 7.3
	mkdir "$T/empty"
	fails 1 "not a Linux source tree" env LINUX_SRC="$T/empty" "$S/fetch-base" 7.3
	fails 1 "is Linux 7.3 (VERSION = 7, PATCHLEVEL = 3), not 7.4" env LINUX_SRC="$T/linux" "$S/fetch-base" 7.4
	fails 1 "run scripts/fetch-base 7.4" run prepare-tree 7.4
}

test_bad_series() {
	echo net/netfilter/core.c >>"$SERIES/0001-toy/files"
	cp -r "$T/linux/net/netfilter/core.c" "$P/kernel/net/netfilter/"
	fails 1 "which the base has already" run gen-series 7.3
	echo net/netfilter/absent.c >"$SERIES/0001-toy/files"
	fails 1 "absent.c does not exist" run gen-series 7.3
	echo strange/x.c >"$SERIES/0001-toy/files"
	fails 1 "pathmap covers strange/x.c" run gen-series 7.3
	mkdir "$SERIES/nonsense"
	fails 1 "named NNNN-topic" run gen-series 7.3
}

test_rebase() {
	toy_linux "$T/linux"
	sed -i 's/^PATCHLEVEL.*/PATCHLEVEL = 4/' "$T/linux/Makefile"
	sed -i 's/^int line_1;/int line_0;\nint line_1;/' "$T/linux/net/netfilter/core.c"
	LINUX_SRC=$T/linux run fetch-base 7.4
	fails 1 'run scripts/rebase 7.3 7.4' run gen-series 7.4
	run rebase 7.3 7.4
	has "$SERIES/0002-toy-test/hooks.7.4.diff" '@@ -20,6 +20,7 @@'
	run gen-series --check 7.4
	sed -i 's/^int line_21;/int moved;/' "$T/linux/net/netfilter/core.c"
	LINUX_SRC=$T/linux run fetch-base 7.4
	rm "$SERIES"/*/hooks.7.4.diff
	fails 1 '0002-toy-test: net/netfilter/core.c: hunk 1 does not apply to 7.4' run rebase 7.3 7.4
	[ -s "$SERIES/0001-toy/hooks.7.4.diff" ] || fail "what applies was not written"
	fails 1 'hooks.7.4.rej' run gen-series 7.4
}

# A change of one base follows to the other, where the same patch has been edited.
test_rebase_again() {
	toy_linux "$T/linux"
	sed -i 's/^PATCHLEVEL.*/PATCHLEVEL = 4/' "$T/linux/Makefile"
	sed -i 's/^int line_21;/int moved;/' "$T/linux/net/netfilter/core.c"
	LINUX_SRC=$T/linux run fetch-base 7.4
	fails 1 'hunk 1 does not apply' run rebase 7.3 7.4
	rm "$SERIES"/*/hooks.7.4.rej
	run prepare-tree 7.4
	TREE=$NFTO_BUILD/linux-7.4
	sed -i 's/^int moved;/&\nint toy_hook_here;/' "$TREE/net/netfilter/core.c"
	run absorb-tree --into 0002-toy-test 7.4
	has "$SERIES/0002-toy-test/hooks.7.4.diff" '+int toy_hook_here;'
	run rebase 7.3 7.4
	has "$SERIES/0002-toy-test/hooks.7.4.diff" '+int toy_hook_here;'

	TREE=$NFTO_BUILD/linux-7.3
	sed -i 's/^int line_30;/&\nint more;/' "$TREE/net/netfilter/core.c"
	run absorb-tree --into 0002-toy-test 7.3
	fails 1 'was carried from another hooks.7.3.diff' run gen-series --check 7.4
	run rebase 7.3 7.4
	has "$SERIES/0002-toy-test/hooks.7.4.diff" '+int more;'
	has "$SERIES/0002-toy-test/hooks.7.4.diff" '+int toy_hook_here;'
	run gen-series --check 7.4
}

# A patch for one base brings what the other base has; a patch that the base has is left out.
test_only_one_base() {
	toy_linux "$T/linux"
	sed -i 's/^PATCHLEVEL.*/PATCHLEVEL = 2/' "$T/linux/Makefile"
	sed -i '/^int line_21;/d; s/^int line_20;/&\nint toy_hook;/' "$T/linux/net/netfilter/core.c"
	echo '7.2 linux-source-7.2 x 7.2.1-1 0' >>"$P/kernel/bases"
	sed -i 's/^int line_30;/&\nint has;/' "$T/linux/net/netfilter/core.c" "$TREE/net/netfilter/core.c"
	commit_in_tree 'netfilter: core: has it'
	run absorb-tree 7.3
	LINUX_SRC=$T/linux run fetch-base 7.2
	printf 'netfilter: core: a line\n\nIt is missing.\n' | put "$SERIES/0000-line/message"
	echo 7.2 >"$SERIES/0000-line/only"
	put "$SERIES/0000-line/hooks.7.2.diff" <<-'EOF'
	diff --git a/net/netfilter/core.c b/net/netfilter/core.c
	--- a/net/netfilter/core.c
	+++ b/net/netfilter/core.c
	@@ -18,5 +18,6 @@
	 int line_18;
	 int line_19;
	 int line_20;
	+int line_21;
	 int toy_hook;
	 int line_22;
	diff --git a/net/netfilter/newer.c b/net/netfilter/newer.c
	new file mode 100644
	--- /dev/null
	+++ b/net/netfilter/newer.c
	@@ -0,0 +1 @@
	+int newer;
	EOF
	run rebase 7.3 7.2
	[ "$(wc -l <"$SERIES/0002-toy-test/hooks.7.2.diff")" -eq 1 ] || fail "a hook that the base has is there twice"
	run prepare-tree 7.2
	has "$NFTO_BUILD/linux-7.2/net/netfilter/newer.c" 'int newer;'
	[ "$(grep -c toy_hook "$NFTO_BUILD/linux-7.2/net/netfilter/core.c")" -eq 1 ] || fail "applied twice"
	[ -s "$SERIES/0003-has-it/hooks.7.2.diff" ] || fail "nothing says that 7.2 has it"
	run gen-series 7.2
	[ "$(cd "$P/patches/linux-7.2" && echo 000*)" = '0001-netfilter-core-a-line.patch 0002-netfilter-toy-add-it.patch 0003-selftests-netfilter-test-the-toy.patch' ] ||
		fail "not these patches: $(ls "$P/patches/linux-7.2")"
	run check-series 7.2 am identity
	run gen-series 7.3
	[ -e "$OUT/0003-netfilter-core-has-it.patch" ] || fail "$(ls "$OUT")"
}
