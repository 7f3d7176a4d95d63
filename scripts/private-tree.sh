# shellcheck shell=bash
# A source tree and a build directory to change at will. To be sourced, not run.
#
# enter_private_tree SCRIPT ARG...: start the script again in a mount namespace of its own,
# where build/linux-BASE and build/uml are overlays whose changes are in memory: any commit
# can be checked out and built there, make takes the objects of build/uml for what has not
# changed, and nothing is left, however the script ends. Where mounting is not permitted,
# it goes on with a work tree and build directory of its own, which take longer to fill.
#
# Sets PRIVATE_TREE, PRIVATE_OUT and TIP_TREE (the tree as it is, for tests and tools).

# overlay NAME DIR
overlay() {
	local dir=$BUILD/private/$1
	mkdir -p "$dir.upper" "$dir.work"
	mount -t overlay overlay -o "lowerdir=$2,upperdir=$dir.upper,workdir=$dir.work" "$2"
}

# may_overlay: could we?
may_overlay() {
	# shellcheck disable=SC2016 # for the shell there
	unshare -m -- sh -ec 'mount -t tmpfs tmpfs "$1" && cd "$1" && mkdir a b c &&
		mount -t overlay overlay -o lowerdir=a,upperdir=b,workdir=c a' sh "$BUILD/private" 2>/dev/null
}

enter_private_tree() {
	mkdir -p "$BUILD/private" "$BUILD/tip-$BASE" "$BUILD/uml$OF"
	# a comma or colon in the path would be one of mount's
	if [ -z "${NFTO_PRIVATE:-}" ] && [ -f "$TREE/.git" ] && [[ $BUILD != *[,:]* ]] && may_overlay; then
		take_lock "linux-$BASE"
		take_lock "build-uml$OF"
		export NFTO_PRIVATE=1 NFTO_HELD="linux-$BASE build-uml$OF"
		exec unshare -m -- "$@"
	fi
	TIP_TREE=$TREE
	if [ -n "${NFTO_PRIVATE:-}" ]; then
		unset NFTO_PRIVATE
		PRIVATE_TREE=$TREE PRIVATE_OUT=$BUILD/uml$OF TIP_TREE=$BUILD/tip-$BASE
		mount -t tmpfs tmpfs "$BUILD/private"
		mount --bind "$TREE" "$TIP_TREE"
		overlay git "$(git -C "$TREE" rev-parse --absolute-git-dir)"
		overlay tree "$TREE"
		overlay out "$BUILD/uml$OF"
		return
	fi
	PRIVATE_TREE=$BUILD/prefix-$BASE PRIVATE_OUT=$BUILD/prefix-out$OF
	take_lock "prefix-$BASE"
	if ! git -C "$PRIVATE_TREE" rev-parse -q --verify HEAD >/dev/null 2>&1 || [ ! -f "$PRIVATE_TREE/.git" ]; then
		rm -rf "$PRIVATE_TREE"
		bgit worktree prune
		bgit worktree add -q -f --detach "$PRIVATE_TREE" pristine
	fi
	mkdir -p "$PRIVATE_OUT"
}

# private_tree_at COMMIT: check it out, writing only files that differ. Files that git does
# not know are removed the first time.
private_tree_at() {
	rm -f "$(git -C "$PRIVATE_TREE" rev-parse --absolute-git-dir)/index.lock"
	git -C "$PRIVATE_TREE" checkout -q --force --detach "$1" || return 1
	[ -n "${PRIVATE_CLEAN:-}" ] || git -C "$PRIVATE_TREE" clean -q -f -d -x
	PRIVATE_CLEAN=1
}
