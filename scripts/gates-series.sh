# shellcheck shell=bash
# shellcheck disable=SC2153 # PATCHES, BASE are set by set_base
# Gates of check-series that read the series as text and as commits; no compiler.
# A gate prints what is wrong and returns 1.

project_files() {
	if [ -e "$ROOT/.git" ]; then
		git -C "$ROOT" ls-files -co --exclude-standard
	else
		(cd "$ROOT" && find . -path ./build -prune -o -type f -printf '%P\n')
	fi
}
patch_files() { find "$PATCHES" -maxdepth 1 -name '[0-9]*.patch' ! -name '0000-*' 2>/dev/null | sort; }
new_files() { for_each_list | sort -u; }
for_each_list() {
	local d
	for d in $(series_dirs); do list_lines "$ROOT/kernel/series.d/$d/files"; done
}

gate_messages() {
	local d m bad=0
	wrong() { echo "kernel/series.d/$d/message: $*"; bad=1; }
	for d in $(series_dirs); do
		m=$ROOT/kernel/series.d/$d/message
		[ -s "$m" ] || { wrong "missing or empty"; continue; }
		[[ $(head -n 1 "$m") =~ ^[a-z0-9_/.,\ +-]+:\ [^\ ] ]] || wrong "subject has no 'subsystem: ' prefix"
		[ "$(head -n 1 "$m" | wc -m)" -le 76 ] || wrong "subject is longer than 75 characters"
		[ -z "$(sed -n 2p "$m")" ] || wrong "second line is not blank"
		tail -n +3 "$m" | grep -vE '^[A-Z][A-Za-z-]+: ' | grep -q '[^[:space:]]' || wrong "no body"
		! grep '^Fixes:' "$m" | grep -vE '^Fixes: [0-9a-f]{12,40} \("[^"].*"\)$' ||
			wrong "malformed Fixes: line (above); wanted: Fixes: <12+ hex digits> (\"subject\")"
		[ -n "${ALLOW_SIGNOFF:-}" ] || ! grep -i '^Signed-off-by:' "$m" ||
			wrong "a sign-off: only the person who posts a patch signs it (ALLOW_SIGNOFF=1 if so)"
	done
	check_topics || bad=1
	return $bad
}

# check_topics: each names a folder, they are in order, and none is too long to review
check_topics() {
	local d title bad=0 n=0 topic='' found='' names
	[ -e "$TOPICS" ] || return 0
	names=$(list_lines "$TOPICS" | cut -d' ' -f1)
	too_long() { [ "$n" -le 15 ] || { echo "kernel/series.d/topics: '$topic' has $n patches, more than 15"; bad=1; }; }
	for d in $(series_dirs); do
		[ ! -e "$ROOT/kernel/series.d/$d/only" ] || continue # in front of all topics
		title=$(list_lines "$TOPICS" | sed -n "s/^$d  *//p")
		if [ -n "$title" ]; then
			too_long
			topic=$title n=0 found+=$d$'\n'
		elif [ -z "$topic" ]; then
			echo "kernel/series.d/topics: $d has no topic"
			bad=1
		fi
		n=$((n + 1))
	done
	too_long
	[ "$names" = "${found%$'\n'}" ] || { echo "kernel/series.d/topics: not in order, twice, without a title, or no folder:"; diff <(echo "$names") <(echo -n "$found") | grep '^[<>]'; bad=1; }
	return $bad
}

gate_no_leaks() {
	# Written so that the patterns do not match themselves.
	local hosts='(deb|security|snapshot|archive|ftp|httpredir)[.](debian|ubuntu)[.](org|com)'
	hosts+='|(pypi|files)[.](org|pythonhosted[.]org)|registry[.](npmjs|yarnpkg)|(static|index)[.]crates[.]io|proxy[.]golang'
	project_files | (cd "$ROOT" && xargs -r -d '\n' grep -InE -e "$hosts" -e '(^|[^A-Za-z0-9_.-])/wor[k]/' -- 2>/dev/null) >"$TMP/leaks" || :
	[ -s "$TMP/leaks" ] || return 0
	cat "$TMP/leaks"
	return 1
}

gate_shellcheck() {
	local f bad=0
	command -v shellcheck >/dev/null || { echo "shellcheck is not installed: run scripts/setup"; return 1; }
	while read -r f; do
		case $f in
		patches/* | kernel/*) continue ;;
		*.sh) ;;
		*) head -c 40 "$ROOT/$f" 2>/dev/null | grep -aqE '^#! ?/bin/(ba)?sh|^#!/usr/bin/env (ba)?sh' || continue ;;
		esac
		[ -f "$ROOT/$f" ] || continue
		case $f in
		# these source the kernel's own lib.sh, and call test functions by name
		selftests/*) (cd "$ROOT" && shellcheck -S warning -e SC1090,SC1091,SC2154,SC2034,SC2317 "$f") || bad=1 ;;
		*) (cd "$ROOT" && shellcheck -x "$f") || bad=1 ;;
		esac
	done < <(project_files)
	return $bad
}

# What YNL generates from specifications of ours: the tools of the patched tree make the same
# of them. Those of an older base make something else; the files are the same for all bases.
generated_by_ynl() {
	local bad=0 f ours spec mode kind
	bgit cat-file -e pristine:tools/net/ynl/pyynl 2>/dev/null || return 0
	while read -r f; do
		ours=$ROOT/$(map_path to_ours "$f")
		read -r mode kind < <(sed -n 's|^/\* YNL-GEN \(.*\) \*/$|\1|p' "$ours") || continue
		if [ ! -d "$TMP/ynl" ]; then
			apply_patches || return 1
			mkdir "$TMP/ynl"
			# by MAINTAINERS it knows where the tree begins
			bgit archive "$(cat "$TMP/am.tip")" MAINTAINERS tools/net/ynl/pyynl Documentation/netlink | tar -x -C "$TMP/ynl"
		fi
		spec=$(sed -n 's|^/\*\t\(Documentation/.*\) \*/$|\1|p' "$ours")
		mkdir -p "$TMP/ynl/${f%/*}"
		if ! python3 "$TMP/ynl/tools/net/ynl/pyynl/ynl_gen_c.py" --spec "$TMP/ynl/$spec" --mode "$mode" "--$kind" -o "$TMP/ynl/$f" ||
			! cmp "$TMP/ynl/$f" "$ours"; then
			echo "$f is not what YNL makes of $spec: run tools/net/ynl/ynl-regen.sh -f in the patched tree"
			bad=1
		fi
	done < <(new_files)
	return $bad
}

gate_generated() {
	local bad=0 header=linux/netfilter/nft_offload.h
	NFTO_ROOT=$ROOT NFTO_BUILD=$BUILD "$SCRIPTS/gen-series" --check "$BASE" || bad=1
	generated_by_ynl || bad=1
	[ ! -d "$ROOT/libnftnl" ] || cmp "$ROOT/kernel/include/uapi/$header" "$ROOT/libnftnl/include/$header" ||
		{ echo "libnftnl/include/$header is a copy of the kernel's: copy it anew"; bad=1; }
	return $bad
}

# apply_patches: git am on the pristine base; prints what git says when it fails, leaves the
# resulting commit in $TMP/am.tip. The work tree starts out empty: git am brings each file
# it patches from the index.
apply_patches() {
	local tree=$TMP/am status=0 list
	[ ! -s "$TMP/am.tip" ] || return 0
	need_base
	mapfile -t list < <(patch_files)
	bgit worktree prune
	bgit worktree add -q --no-checkout --detach "$tree" pristine
	git -C "$tree" read-tree HEAD
	if [ ${#list[@]} -gt 0 ]; then
		git -C "$tree" -c am.threeWay=false am -q --no-gpg-sign "${list[@]}" >"$TMP/am.log" 2>&1 </dev/null || status=1
	fi
	[ $status -ne 0 ] || git -C "$tree" rev-parse HEAD >"$TMP/am.tip"
	bgit worktree remove -f -f "$tree"
	[ $status -eq 0 ] || cat "$TMP/am.log"
	return $status
}

gate_am() {
	local p bad=0 n=0
	need_base
	# diff says where git am would be lenient: hunks that apply at another line
	GIT_INDEX_FILE=$TMP/am.index bgit read-tree pristine
	while read -r p; do
		n=$((n + 1))
		if ! GIT_INDEX_FILE=$TMP/am.index bgit apply -v --cached --whitespace=nowarn "$p" >"$TMP/apply.log" 2>&1; then
			grep -vE '^(Checking patch|Applied patch)' "$TMP/apply.log" | sed "s|^|${p##*/}: |"
			return 1
		fi
		if grep -E '\(offset|with fuzz|[Cc]ontext reduced' "$TMP/apply.log" >"$TMP/apply.off"; then
			sed "s|^|${p##*/}: |" "$TMP/apply.off"
			base_is_recorded && bad=1
		fi
	done < <(patch_files)
	patch_files | sed 's|.*/||' | diff - "$PATCHES/series" || { echo "patches/linux-$BASE/series does not list the patches there are"; bad=1; }
	apply_patches || bad=1
	return $bad
}

gate_identity() {
	local bad=0 tip f ours mode blob c d
	apply_patches || { echo "the patches do not apply, see gate am"; return 1; }
	tip=$(cat "$TMP/am.tip")
	build_series
	if [ "$(bgit rev-parse "$tip^{tree}")" != "$(bgit rev-parse "$TIP^{tree}")" ]; then
		echo "git am of patches/ and kernel/ give different trees:"
		bgit diff --stat "$TIP" "$tip"
		bad=1
	fi
	new_files >"$TMP/listed"
	our_files | while read -r f; do map_path to_linux "$f"; done | sort -u >"$TMP/ours"
	comm -13 "$TMP/listed" "$TMP/ours" >"$TMP/unlisted"
	while read -r f; do
		echo "$(map_path to_ours "$f") is in no kernel/series.d/*/files: no patch brings it"
		bad=1
	done <"$TMP/unlisted"
	brought_files | sort >"$TMP/brought"
	bgit diff-tree -r --no-renames --name-only --diff-filter=A pristine "$tip" | sort >"$TMP/added"
	while read -r f; do
		echo "the patches add $f, which is in no kernel/series.d/*/files"
		bad=1
	done < <(comm -23 "$TMP/added" "$TMP/listed" | comm -23 - "$TMP/brought")
	while read -r f; do
		ours=$ROOT/$(map_path to_ours "$f")
		mode=100644
		[ -x "$ours" ] && mode=100755
		blob=$(bgit hash-object --no-filters "$ours")
		if [ "$(bgit ls-tree "$tip" -- "$f" | cut -f1)" != "$mode blob $blob" ]; then
			echo "$f in the patched tree differs from ${ours#"$ROOT"/} (content or mode)"
			bad=1
		fi
	done <"$TMP/listed"
	for c in "${COMMITS[@]}"; do
		d=${c#* }
		while read -r f; do
			bgit cat-file -e "pristine:$f" 2>/dev/null && continue
			! grep -qxF "$f" "$TMP/brought" || continue
			echo "patch $d edits $f, which an earlier patch brings whole"
			bad=1
		done < <(bgit diff-tree -r --no-renames --name-only --diff-filter=MD "${c% *}^" "${c% *}")
	done
	return $bad
}

# Not asked for: what the person who posts adds; FILE_PATH_CHANGES, MAINTAINERS has us
# already; CONST_STRUCT, a sysctl table that is copied for each namespace is not const.
# Headers with tracepoints are made of macros that checkpatch does not like.
gate_checkpatch() {
	local p bad=0 ignore files
	need_base_files
	build_series
	# checkpatch asks get_maintainer.pl about every file of every patch, which takes longer
	# than all it does itself. It need not, in a root that lacks it: we ask once.
	mapfile -t files < <(bgit diff-tree -r --no-renames --name-only --diff-filter=M pristine "$TIP")
	(cd "$BASE_DIR" && perl scripts/get_maintainer.pl --status --nom --nol --nogit --nogit-fallback -f "${files[@]}") >"$TMP/status" || { echo "get_maintainer.pl failed"; bad=1; }
	if grep -i obsolete "$TMP/status"; then
		bad=1
	fi
	mkdir -p "$TMP/root/scripts"
	ln -s "$BASE_DIR"/* "$BASE_DIR/.git" "$TMP/root/" 2>/dev/null || : # spdxcheck.py wants git
	ln -s "$BASE_DIR"/scripts/* "$TMP/root/scripts/"
	rm "$TMP/root/scripts/get_maintainer.pl"
	while read -r p; do
		ignore=MISSING_SIGN_OFF,NO_AUTHOR_SIGN_OFF,FILE_PATH_CHANGES,UNKNOWN_COMMIT_ID,REPEATED_WORD,CONST_STRUCT
		! grep -q '^+++ b/include/trace/events/' "$p" ||
			ignore+=,COMPLEX_MACRO,MACRO_ARG_REUSE,MACRO_ARG_UNUSED,TRAILING_SEMICOLON,MULTISTATEMENT_MACRO_USE_DO_WHILE,OPEN_ENDED_LINE,PARENTHESIS_ALIGNMENT
		# mainline's file, brought to an older base
		! grep -q '^+++ b/tools/testing/selftests/net/lib\.sh$' "$p" || ignore+=,LONG_LINE
		# nobody wraps what YNL generates
		! grep -q '^+/\* YNL-GEN kernel source' "$p" || ignore+=,LONG_LINE
		(cd "$BASE_DIR" && PATH=/usr/bin:$PATH perl scripts/checkpatch.pl --root="$TMP/root" --strict --no-summary --color=never --show-types \
			--ignore "$ignore" "$p") >"$TMP/cp.log" 2>&1 && continue
		printf '%s:\n' "${p##*/}"
		cat "$TMP/cp.log"
		bad=1
	done < <(patch_files)
	return $bad
}
