# shellcheck shell=bash disable=SC2154,SC2004,SC2153
# The second half of absorb-tree, which sources it: write the result to a copy of what
# travels, prove that the copy prepares to the edited tree, and only then to the project.

copy=$TMP/root
mkdir -p "$copy/kernel"
cp -a "$ROOT/kernel/pathmap" "$ROOT/kernel/bases" "$copy/kernel/"
[ ! -d "$ROOT/kernel/series.d" ] || cp -a "$ROOT/kernel/series.d" "$copy/kernel/"
mkdir -p "$copy/kernel/series.d"
(cd "$ROOT" && our_files | tar -cf - -T -) | tar -C "$copy" -xf -

for d in "${!new_patch[@]}"; do
	mkdir "$copy/kernel/series.d/$d"
	bgit log -1 --format=%B "${new_patch[$d]}" | sed -e '${/^$/d}' >"$copy/kernel/series.d/$d/message"
done

# Ours: every listed or new file as it is in the goal.
for f in "${!newfile[@]}"; do
	bgit cat-file -e "$goal:$f" 2>/dev/null || continue # came and went
	map_path to_ours "$f" >/dev/null || die "no line of kernel/pathmap covers the new file $f"
	printf '%s\n' "$f" >>"$copy/kernel/series.d/${newfile[$f]}/files"
	sort -u -o "$copy/kernel/series.d/${newfile[$f]}/files" "$copy/kernel/series.d/${newfile[$f]}/files"
	is_ours[$f]=${newfile[$f]}
done
for f in "${!is_ours[@]}"; do
	ours=$(map_path to_ours "$f")
	if ! entry=$(bgit ls-tree "$goal" -- "$f") || [ -z "$entry" ]; then
		note "$f is gone: removing $ours"
		rm -f "$copy/$ours"
		list=$copy/kernel/series.d/${is_ours[$f]}/files
		grep -vxF -- "$f" "$list" >"$TMP/list" || :
		cp "$TMP/list" "$list"
		[ -s "$list" ] || rm -f "$list"
		continue
	fi
	mkdir -p "$(dirname "$copy/$ours")"
	bgit cat-file blob "$goal:$f" >"$TMP/blob"
	cmp -s "$TMP/blob" "$copy/$ours" || cp "$TMP/blob" "$copy/$ours"
	case $entry in
	100755*) chmod +x "$copy/$ours" ;;
	*) chmod -x "$copy/$ours" ;;
	esac
done

# Hooks: the old steps and the fixes, each picked onto what came before.
x=$(tree_of pristine)
for i in "${!folders[@]}"; do
	before=$x
	x=$(pick "$x" "${step_from[i]}" "${step_to[i]}") ||
		die "patch ${folders[i]} does not go onto the patches before it as edited (files above), nothing was written: resolve by hand"
	while read -r from to; do
		[ -n "$from" ] || continue
		x=$(pick "$x" "$from" "$to") ||
			die "an edit meant for ${folders[i]} needs what a later patch brings (files above), nothing was written: use --into or another fixup!"
	done <<<"${fixes[i]}"
	hooks=$copy/kernel/series.d/${folders[i]}/$HOOKS
	mapfile -t hooked < <(changed "$before" "$x" | while read -r f; do is_new "$f" || printf '%s\n' "$f"; done)
	from=$([ ! -e "$hooks" ] || head -n 1 "$hooks" | grep '^Carried from ' || :)
	if [ ${#hooked[@]} -gt 0 ]; then
		[ -z "$from" ] || printf '%s\n' "$from"
		bgit diff --full-index --no-renames --no-color --no-ext-diff --unified=3 --binary \
			--diff-algorithm=myers --indent-heuristic --src-prefix=a/ --dst-prefix=b/ \
			"$before" "$x" -- "${hooked[@]}"
	elif [ -n "$from" ]; then
		printf '%s\n' "$from"
	fi >"$TMP/hooks"
	if [ -s "$TMP/hooks" ]; then
		cp "$TMP/hooks" "$hooks"
	elif [ -s "$hooks" ]; then
		note "patch ${folders[i]} has no hooks any more"
		rm -f "$hooks"
	fi
done

# The proof.
project=$ROOT
ROOT=$copy
build_series
ROOT=$project
if [ "$(tree_of "$TIP")" != "$goal" ]; then
	bgit diff --stat "$goal" "$TIP" >&2
	die "the result would not equal the edited tree (difference above); nothing was written, the edits are in build/absorb-backup.diff"
fi

# Write: only what differs.
(cd "$copy" && find . -type f -printf '%P\n') | sort >"$TMP/written"
while read -r f; do
	if ! cmp -s "$copy/$f" "$ROOT/$f" || [ "$(stat -c %A "$copy/$f")" != "$(stat -c %A "$ROOT/$f")" ]; then
		mkdir -p "$(dirname "$ROOT/$f")"
		cp -p "$copy/$f" "$ROOT/$f.absorbing"
		mv -f "$ROOT/$f.absorbing" "$ROOT/$f"
		note "wrote $f"
	fi
done <"$TMP/written"
(cd "$ROOT" && { our_files; find kernel/series.d -type f 2>/dev/null || :; }) | sort -u | comm -13 "$TMP/written" - |
	while read -r f; do
		rm -f "$ROOT/$f"
		note "removed $f"
	done

# The tree holds the edits already: move branch and index there, then files that differ.
tgit symbolic-ref HEAD refs/heads/series
tgit update-ref refs/heads/series "$TIP"
cp "$TMP/snap.index" "$(tgit rev-parse --absolute-git-dir)/index"
tgit update-index -q --refresh >/dev/null || :
[ "$snap" = "$goal" ] || tgit read-tree -m -u "$snap" "$goal"
tgit update-ref refs/nfto/prepared "$TIP"
series_hash >"$TREE.stamp"
