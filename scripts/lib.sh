# shellcheck shell=bash
# Helpers shared by the series scripts. To be sourced, not run.
#
# NFTO_ROOT   the project (kernel/, patches/, ...); default: where this file is
# NFTO_BASE   exported: the base, for scripts that are not told
# NFTO_BUILD  where trees and caches go; default: build/ in the project

SCRIPTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(realpath -m "${NFTO_ROOT:-${SCRIPTS%/*}}")
BUILD=$(realpath -m "${NFTO_BUILD:-$ROOT/build}")

# No person's git settings, time zone or language may reach what we generate.
export LC_ALL=C TZ=UTC GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_DIFF_OPTS GIT_EXTERNAL_DIFF
unset GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_PREFIX
# Nor what make tells the makes below it: started from our Makefile, the kernel's selftests
# would take themselves for a part of a larger build and put their programs into "/".
unset MAKELEVEL MAKEFLAGS MFLAGS MAKEOVERRIDES KBUILD_OUTPUT
# What was compiled before need not be compiled again; of kernels, in whatever clone (kbuild).
if [ -d /usr/lib/ccache ] && [[ :$PATH: != *:/usr/lib/ccache:* ]]; then
	# ccache fails where it cannot write
	{ mkdir -p "$(ccache -k cache_dir)" && [ -w "$(ccache -k cache_dir)" ]; } 2>/dev/null || export CCACHE_DIR=$BUILD/cache/ccache
	export PATH=/usr/lib/ccache:$PATH CCACHE_NOHASHDIR=1 CCACHE_DEPEND=1
fi
AUTHOR_NAME='nft-offload developers'
AUTHOR_EMAIL='nft-offload@example.org'
FIRST_DATE=1767225600 # 2026-01-01; patch N is dated N minutes later
export GIT_AUTHOR_NAME=$AUTHOR_NAME GIT_AUTHOR_EMAIL=$AUTHOR_EMAIL
export GIT_COMMITTER_NAME=$AUTHOR_NAME GIT_COMMITTER_EMAIL=$AUTHOR_EMAIL
export GIT_AUTHOR_DATE="$FIRST_DATE +0000" GIT_COMMITTER_DATE="$FIRST_DATE +0000"

note() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() { note "error: $*"; exit 1; }
usage_error() { note "$* (see ${0##*/} --help)"; exit 2; }

# usage: the comment block at the head of the script that is running.
usage() { awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$0"; }

# scratch: a temporary directory in $TMP, removed at exit.
scratch() {
	mkdir -p "$BUILD"
	TMP=$(mktemp -d "$BUILD/.tmp-${0##*/}.XXXXXX")
	trap 'rm -rf "$TMP"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
}

# take_lock NAME: one script at a time works on build/NAME; a killed one frees it. What a
# script holds that started this one is in NFTO_HELD.
take_lock() {
	[[ " ${NFTO_HELD:-} " != *" $1 "* ]] || return 0
	mkdir -p "$BUILD"
	exec {LOCK_FD}>"$BUILD/$1.lock"
	flock -n "$LOCK_FD" && return
	note "waiting for another script that works on build/$1"
	flock "$LOCK_FD"
}

bases() { awk '!/^#/ && NF { print $1 }' "$ROOT/kernel/bases"; }
# first_base: the one whose hooks are written by hand; those of the others are carried from it
first_base() { bases | head -n 1; }

# set_base BASE: check it against kernel/bases and set the paths that follow.
set_base() {
	local line known
	[ -f "$ROOT/kernel/bases" ] || die "$ROOT/kernel/bases is missing"
	line=$(awk -v b="$1" '!/^#/ && $1 == b' "$ROOT/kernel/bases")
	if [ -z "$line" ]; then
		known=$(awk '!/^#/ && NF { printf "%s%s", s, $1; s = " " }' "$ROOT/kernel/bases")
		die "unknown base '$1'; kernel/bases has: $known"
	fi
	BASE=$1
	# what is built of another base than the first is apart: OF is in the names. Scripts
	# that are not told the base, such as vm-run, have it from the environment.
	export NFTO_BASE=$BASE
	# shellcheck disable=SC2034
	OF=-$BASE
	# shellcheck disable=SC2034
	[ "$BASE" != "$(first_base)" ] || OF=
	# shellcheck disable=SC2034 # all of these are for the callers
	read -r _ BASE_PKG BASE_SUITE BASE_VERSION BASE_SHA256 <<<"$line"
	BASE_DIR=$BUILD/base-$BASE
	BASE_STAMP=$BUILD/base-$BASE.stamp
	# shellcheck disable=SC2034
	TREE=$BUILD/linux-$BASE
	# shellcheck disable=SC2034
	PATCHES=$ROOT/patches/linux-$BASE
	HOOKS=hooks.$BASE.diff
}

need_base() {
	[ -f "$BASE_STAMP" ] || die "build/base-$BASE is not there: run scripts/fetch-base $BASE"
}

# need_base_files: and its files too, which fetch-base leaves in git. The index comes last,
# so a checkout that was interrupted is done again.
need_base_files() (
	need_base
	take_lock "base-$BASE"
	! bgit diff-index --cached --quiet pristine || exit 0
	note "checking out build/base-$BASE"
	rm -f "$BASE_DIR/.git/index.lock" # of a killed checkout
	bgit read-tree --reset -u pristine
	bgit clean -q -ffdx
)

# base_is_recorded: is build/base-X.Y the very version kernel/bases names?
base_is_recorded() { [ "$(cat "$BASE_STAMP")" = "package $BASE_PKG $BASE_VERSION $BASE_SHA256" ]; }

# kbuild ARGUMENT...: make, of a kernel. What the compiler says of included files has relative
# paths then, which only the kernel's build knows what to do with.
kbuild() { CCACHE_BASEDIR=$ROOT make "$@"; }

bgit() { git -C "$BASE_DIR" "$@"; }

# map_path to_linux|to_ours PATH: through kernel/pathmap, longest prefix; fails if none.
map_path() {
	awk -v dir="$1" -v p="$2" -v base="$BASE" '
	/^#/ || NF < 2 || (NF > 2 && $3 != base) { next }
	{ from = dir == "to_linux" ? $1 : $2; to = dir == "to_linux" ? $2 : $1
	  if (index(p, from "/") == 1 && length(from) > n) { n = length(from); r = to substr(p, n + 1) } }
	END { if (!n) exit 1; print r }' "$ROOT/kernel/pathmap"
}

# our_files: every file of ours that lies in a folder that travels.
our_files() {
	local ours only
	while read -r ours _ only; do
		case $ours in '' | '#'*) continue ;; esac
		[[ -d $ROOT/$ours && ${only:-$BASE} = "$BASE" ]] || continue
		(cd "$ROOT" && find "$ours" -name __pycache__ -prune -o \( -type f -o -type l \) \
			! -name '*~' ! -name '.*.sw?' ! -name '*.orig' ! -name '*.rej' ! -name '*.o' -print)
	done <"$ROOT/kernel/pathmap" | sort -u
}

# series_dirs: names of the patch folders, in order; without those whose file "only" lists
# other bases.
series_dirs() {
	local d n
	for d in "$ROOT"/kernel/series.d/*/; do
		[ -d "$d" ] || continue
		n=$(basename "$d")
		[[ $n =~ ^[0-9]{4}-[a-z0-9][a-z0-9._-]*$ ]] ||
			die "kernel/series.d/$n: a patch folder is named NNNN-topic"
		[ ! -e "$d/only" ] || list_lines "$d/only" | grep -qxF "$BASE" || continue
		printf '%s\n' "$n"
	done
}

# shellcheck disable=SC2034 # for gen-series and the gates
TOPICS=$ROOT/kernel/series.d/topics
patch_subject() { head -n 1 "$ROOT/kernel/series.d/$1/message"; }
list_lines() { if [ -f "$1" ]; then sed -e 's/[[:space:]]*$//' -e '/^#/d' -e '/^$/d' "$1"; fi; }

# _stage_files FOLDER: index-info lines (mode, blob, path) for its new files.
_stage_files() {
	local f ours mode blob
	while read -r f; do
		ours=$(map_path to_ours "$f") || die "kernel/series.d/$1/files: no line of kernel/pathmap covers $f"
		[ -f "$ROOT/$ours" ] || die "kernel/series.d/$1/files lists $f, but $ours does not exist"
		if bgit cat-file -e "pristine:$f" 2>/dev/null; then
			die "kernel/series.d/$1/files lists $f, which the base has already: edits to it are hooks"
		fi
		mode=100644
		[ -x "$ROOT/$ours" ] && mode=100755
		blob=$(bgit hash-object -w --no-filters "$ROOT/$ours")
		printf '%s %s\t%s\n' "$mode" "$blob" "$f"
	done < <(list_lines "$ROOT/kernel/series.d/$1/files")
}

# brought_files: files of newer kernels that a patch for this base alone brings; for the
# patches after it they are no files of ours.
brought_files() {
	local d
	for d in $(series_dirs); do
		[ -e "$ROOT/kernel/series.d/$d/only" ] || continue
		awk '/^diff --git / { sub(/^.* b\//, ""); f = $0 } /^new file mode / { print f }' "$ROOT/kernel/series.d/$d/$HOOKS"
	done
}

# apply_hooks FOLDER [OPTION...]: to the index; nothing if there are none
apply_hooks() {
	local hooks=$ROOT/kernel/series.d/$1/$HOOKS
	shift
	[ ! -s "$hooks" ] || bgit apply --cached --allow-empty --whitespace=nowarn "$@" "$hooks"
}

# carried FILE: the blob of the hooks that the hooks in FILE were carried from, see rebase
carried() { sed -n '1s/^Carried from hooks\..*\.diff \([0-9a-f]\{40\}\)$/\1/p' "$1"; }

# stale_hooks: says which hooks of this base were carried from others than the first base has.
stale_hooks() {
	local d first file
	first=$(first_base)
	for d in $(series_dirs); do
		file=$ROOT/kernel/series.d/$d/hooks.$first.diff
		[[ -e $ROOT/kernel/series.d/$d/$HOOKS && -s $file && $BASE != "$first" ]] || continue
		[ "$(carried "$ROOT/kernel/series.d/$d/$HOOKS")" = "$(git hash-object --no-filters "$file")" ] ||
			printf 'kernel/series.d/%s/%s was carried from another hooks.%s.diff\n' "$d" "$HOOKS" "$first"
	done
}

# build_series: commits for the whole series in the base's repository, made from kernel/
# without touching any tree or ref. Sets TIP and the array COMMITS ("commit folder"). They are
# kept in build/series-BASE, under the hash of what they are made from.
build_series() {
	local idx=$TMP/series.index kept=$BUILD/series-$BASE hash d dir dirs n=0 tree last='' date err listed
	need_base
	hash=$(series_hash)
	if [ "$(head -n 1 "$kept" 2>/dev/null)" = "$hash" ]; then
		mapfile -t COMMITS < <(tail -n +2 "$kept")
		TIP=${COMMITS[-1]%% *}
		! bgit cat-file -e "$TIP^{tree}" 2>/dev/null || return 0
	fi
	TIP=$(bgit rev-parse --verify -q 'pristine^{commit}') || die "build/base-$BASE is damaged: run scripts/fetch-base --refresh $BASE"
	COMMITS=()
	rm -f "$idx"
	dirs=$(series_dirs)
	listed=$(for d in $dirs; do list_lines "$ROOT/kernel/series.d/$d/files"; done | sort | uniq -d)
	[ -z "$listed" ] || die "listed more than once in kernel/series.d/*/files: $listed"
	GIT_INDEX_FILE=$idx bgit read-tree pristine
	for d in $dirs; do
		n=$((n + 1))
		dir=$ROOT/kernel/series.d/$d
		[ -s "$dir/message" ] || die "kernel/series.d/$d/message is missing or empty"
		_stage_files "$d" >"$TMP/stage"
		GIT_INDEX_FILE=$idx bgit update-index --index-info <"$TMP/stage"
		[ ! -e "$dir/hooks.$BASE.rej" ] || die "kernel/series.d/$d/hooks.$BASE.rej: hunks still to be carried by hand"
		if [ ! -e "$dir/$HOOKS" ] && compgen -G "$dir/hooks.*.diff" >/dev/null; then
			die "kernel/series.d/$d has hooks for another base but no $HOOKS: run scripts/rebase $(first_base) $BASE"
		fi
		err=$(GIT_INDEX_FILE=$idx apply_hooks "$d" 2>&1) ||
			die "kernel/series.d/$d/$HOOKS does not apply to build/base-$BASE:"$'\n'"$err"
		tree=$(GIT_INDEX_FILE=$idx bgit write-tree)
		if [ "$tree" = "$last" ] && [ -s "$dir/$HOOKS" ]; then
			n=$((n - 1)) # the base has it
			continue
		fi
		last=$tree
		date="$((FIRST_DATE + n * 60)) +0000"
		TIP=$(GIT_AUTHOR_DATE=$date GIT_COMMITTER_DATE=$date \
			bgit commit-tree "$tree" -p "$TIP" -F "$dir/message")
		COMMITS+=("$TIP $d")
	done
	rm -f "$idx"
	if [ "$n" -gt 0 ]; then
		printf '%s\n' "$hash" "${COMMITS[@]}" >"$TMP/series.kept"
		mv "$TMP/series.kept" "$kept"
	fi
}

# series_hash: one hash over everything the commits are made from.
series_hash() {
	{
		cat "$BASE_STAMP"
		bgit rev-parse pristine
		cd "$ROOT" || exit
		{ our_files; find kernel/series.d kernel/pathmap -type f 2>/dev/null || :; } | sort -u >"$TMP/hash.list"
		xargs -r -d '\n' stat -L -c '%A %n' <"$TMP/hash.list" | sed 's/^...\(.\)[^ ]*/\1/'
		xargs -r -d '\n' sha256sum <"$TMP/hash.list"
	} | sha256sum | cut -d' ' -f1
}

# set_config NAME: sets ARCH, and FRAGMENTS to the files of kernel/configs that make up a
# configuration, the last word on an option last. Fails if there is none of that name.
set_config() {
	local f
	# shellcheck disable=SC2034 # for those who source this
	case $1 in
	uml) ARCH=um FRAGMENTS=(common mainline uml) ;;
	debug | kasan) ARCH=um FRAGMENTS=(common uml "$1") ;;
	qemu) ARCH=x86_64 FRAGMENTS=(common qemu) ;;
	qemu-debug) ARCH=x86_64 FRAGMENTS=(common qemu debug qemu-debug) ;;
	*) return 1 ;;
	esac
	for f in "$BASE" "$BASE-$ARCH"; do
		[ ! -e "$ROOT/kernel/configs/$f.config" ] || FRAGMENTS+=("$f")
	done
	FRAGMENTS=("${FRAGMENTS[@]/#/$ROOT/kernel/configs/}")
	FRAGMENTS=("${FRAGMENTS[@]/%/.config}")
}

# wants_cpus TEST: is it about races, and so needs more than one processor?
wants_cpus() { [[ $1 = flow_table_@(life|path|queue|race|removal|stress) ]]; }
