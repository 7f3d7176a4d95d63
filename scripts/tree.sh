# shellcheck shell=bash
# The working tree build/linux-BASE. To be sourced after lib.sh.
#
# refs/nfto/prepared is the commit prepare-tree or absorb-tree left there last: what
# differs from it is a person's work. $TREE.busy names the commit an update was on its way
# to: found later, it tells that the update was killed and nothing in the tree is anyone's.

tgit() { git -C "$TREE" "$@"; }

tree_is_ours() {
	[ -f "$TREE/.git" ] && [ "$(git -C "$TREE" rev-parse --git-common-dir 2>/dev/null)" = "$BASE_DIR/.git" ]
}

prepared() { bgit rev-parse -q --verify 'refs/nfto/prepared^{commit}' || bgit rev-parse 'pristine^{commit}'; }

# tree_commits: commits made in the tree since, oldest first: "hash subject".
tree_commits() { tgit log --reverse --format='%h %s' "$(prepared)..HEAD"; }

# tree_untracked: files git does not know, but for build products. A Debian tree's .gitignore
# ends in "/*", which hides everything new: directories at the top are seen all the same.
tree_untracked() { tgit ls-files -z -o --exclude='!/*/' --exclude-per-directory=.gitignore; }

# tree_edits: what is neither committed nor a build product, as git status shows it.
tree_edits() {
	tgit status --porcelain --untracked-files=no
	tree_untracked | tr '\0' '\n' | sed 's/^/?? /'
}

# update_tree COMMIT: make the tree that commit, touching only what differs, whatever it holds.
update_tree() {
	local gitdir
	printf '%s\n' "$1" >"$TREE.busy"
	rm -f "$TREE.stamp"
	if ! tree_is_ours; then
		rm -rf "$TREE"
		bgit worktree prune
		bgit update-ref refs/heads/series "$1"
		bgit worktree add -q -f --no-checkout "$TREE" series
	fi
	gitdir=$(tgit rev-parse --absolute-git-dir)
	rm -f "$gitdir/index.lock" # ours alone, and a killed update may have left it
	rm -rf "$gitdir/rebase-merge" "$gitdir/rebase-apply"
	tgit symbolic-ref HEAD refs/heads/series
	tgit update-index -q --refresh >/dev/null || : # else reset rewrites files that are equal
	tgit reset -q --hard "$1"
	tree_untracked | (cd "$TREE" && xargs -r -0 rm -f --)
	tgit update-ref refs/nfto/prepared "$1"
	rm -f "$TREE.busy"
}

# finish_killed_update: bring an update that was killed half-way to its end.
finish_killed_update() {
	local to
	[ -e "$TREE.busy" ] || return 0
	to=$(bgit rev-parse -q --verify "$(cat "$TREE.busy")^{commit}") || to=$(prepared)
	note "an earlier update of build/linux-$BASE was interrupted: completing it"
	update_tree "$to"
}
