# shellcheck shell=bash
# Gates of check-series that need the compiler: a User Mode Linux configuration of their own
# in build/prefix-out, and a work tree of their own, build/prefix-BASE.

PREFIX_OUT=$BUILD/prefix-out
kmake() { make -s -C "$BUILD/prefix-$BASE" ARCH=um O="$PREFIX_OUT" LOCALVERSION= "$@"; }

# prefix_at COMMIT: check it out, writing only files that differ, and configure.
prefix_at() {
	local tree=$BUILD/prefix-$BASE
	if ! git -C "$tree" rev-parse -q --verify HEAD >/dev/null 2>&1 || [ ! -f "$tree/.git" ]; then
		rm -rf "$tree"
		bgit worktree prune
		bgit worktree add -q -f --detach "$tree" pristine
	fi
	rm -f "$(git -C "$tree" rev-parse --absolute-git-dir)/index.lock"
	git -C "$tree" reset -q --hard
	git -C "$tree" checkout -q --force --detach "$1"
	git -C "$tree" clean -q -f -d -x
	mkdir -p "$PREFIX_OUT"
	# as build-kernel makes its "uml"
	sed 's/[[:space:]]*#.*//' "$ROOT/kernel/configs/common.config" "$ROOT/kernel/configs/uml.config" >"$PREFIX_OUT/fragment"
	KCONFIG_ALLCONFIG=$PREFIX_OUT/fragment kmake allnoconfig >"$TMP/config.log" 2>&1 || { tail -n 20 "$TMP/config.log"; return 1; }
}

gate_prefix() {
	local c n=0 last=''
	take_lock "prefix-$BASE"
	build_series
	for c in "$(bgit rev-parse 'pristine^{commit}') base" "${COMMITS[@]}"; do
		# nothing for the compiler
		if [ -n "$last" ] && bgit diff --quiet "$last" "${c% *}" -- . ':!tools' ':!Documentation'; then
			continue
		fi
		last=${c% *}
		prefix_at "${c% *}"
		if ! "$SCRIPTS/build-kernel" --tree "$BUILD/prefix-$BASE" --out "$PREFIX_OUT" "$BASE" uml; then
			echo "the series up to ${c#* } does not build"
			return 1
		fi
		if grep -A 5 'warning:' "$BUILD/logs/build-${PREFIX_OUT##*/}.log"; then
			echo "the series up to ${c#* } builds with warnings"
			return 1
		fi
		if ! "$SCRIPTS/vm-run" --kernel "$PREFIX_OUT" --timeout 60 true; then
			echo "the series up to ${c#* } does not boot"
			return 1
		fi
		echo "# builds and boots: ${c#* }"
		n=$((n + 1))
	done
}

new_c() { new_files | grep -E '\.c$' | grep -v '^tools/' || :; }
touched_c() {
	bgit diff-tree -r --no-renames --name-only --diff-filter=M pristine "$TIP" | grep -E '\.c$' | grep -v '^tools/' || :
}

# warnings LOG FILE...: what `make "$@" FILE.o...` warns about, one line each, without line numbers.
# An object no configured part of the kernel builds is reported as such.
warnings() {
	local log=$1 f
	shift
	: >"$log"
	kmake "${LINT[@]}" prepare >"$TMP/one.log" 2>&1 || { tail -n 20 "$TMP/one.log"; echo "make prepare failed"; return 1; }
	for f in "$@"; do
		rm -f "$PREFIX_OUT/${f%.c}.o"
		if ! kmake "${LINT[@]}" "${f%.c}.o" >"$TMP/one.log" 2>&1; then
			echo "$f: cannot be built with kernel/configs/uml.config: $(grep -m 1 -E 'error|\*\*\*' "$TMP/one.log")" >>"$log"
		fi
		sed -nE "s|^(\\./\|\\.\\./\|$BUILD/prefix-$BASE/)*([^: ]+):[0-9]+(:[0-9]+)?: ((warning\|error).*)|\\2: \\4|p" "$TMP/one.log" >>"$log"
	done
	sort -o "$log" "$log"
}

# lint: warnings for new and touched files against those the base has for the touched ones.
lint() {
	local new touched
	LINT=("$@")
	take_lock "prefix-$BASE"
	build_series
	mapfile -t new < <(new_c)
	mapfile -t touched < <(touched_c)
	[ $((${#new[@]} + ${#touched[@]})) -gt 0 ] || { echo "# no C files in the series"; return 0; }
	prefix_at pristine
	warnings "$TMP/lint.base" "${touched[@]}"
	prefix_at "$TIP"
	warnings "$TMP/lint.series" "${touched[@]}" "${new[@]}"
	sed -i '/: cannot be built with/d' "$TMP/lint.base" # never an excuse
	comm -13 "$TMP/lint.base" "$TMP/lint.series" >"$TMP/lint.more"
	[ -s "$TMP/lint.more" ] || return 0
	sed 's/^/new: /' "$TMP/lint.more"
	return 1
}

gate_w1() { lint W=1 KCFLAGS=-Wno-error; }

gate_sparse() {
	NFTO_BUILD=$BUILD NFTO_ROOT=$ROOT "$SCRIPTS/fetch-tools"
	lint C=2 CHECK="$BUILD/tools/bin/sparse" KCFLAGS=-Wno-error
}

gate_kerneldoc() {
	local f bad=0
	need_base
	while read -r f; do
		[[ $f == *.[ch] ]] || continue
		python3 "$BASE_DIR/scripts/kernel-doc" -none -Wall "$ROOT/$(map_path to_ours "$f")" >"$TMP/kdoc" 2>&1 && [ ! -s "$TMP/kdoc" ] && continue
		cat "$TMP/kdoc"
		bad=1
	done < <(new_files)
	return $bad
}
