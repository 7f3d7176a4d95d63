# shellcheck shell=bash
# Gates of check-series that need the compiler, in a private tree (see private-tree.sh).

kmake() { kbuild -s -C "$PRIVATE_TREE" ARCH=um O="$PRIVATE_OUT" LOCALVERSION= "$@"; }

# prefix_at COMMIT: check it out and configure.
prefix_at() {
	private_tree_at "$1"
	set_config uml
	sed 's/[[:space:]]*#.*//' "${FRAGMENTS[@]}" >"$PRIVATE_OUT/fragment"
	KCONFIG_ALLCONFIG=$PRIVATE_OUT/fragment kmake allnoconfig >"$TMP/config.log" 2>&1 || { tail -n 20 "$TMP/config.log"; return 1; }
}

# From the whole series down to its first patch, as the kernel that is there is that of the whole.
gate_prefix() {
	local i commit last='' configured=''
	build_series
	for ((i = ${#COMMITS[@]} - 1; i >= 0; i--)); do
		commit=${COMMITS[i]% *}
		# is there something for the compiler?
		if [ -z "$last" ] || ! bgit diff --quiet "$last" "$commit" -- . ':!tools' ':!Documentation' ':!MAINTAINERS'; then
			prefix_builds "${COMMITS[i]#* }" "$commit" || return 1
		fi
		last=$commit
	done
}

# What a source file says that has to do with what the series changes in a header that many
# more include.
declare -A CONCERNS=(
	[include/net/netfilter/nf_flow_table.h]='flowtable|flow_table|flow_offload|nf_flow_'
	[include/linux/netdevice.h]='net_device_path|forward_path'
	[include/net/flow_offload.h]='flow_action|FLOW_ACTION|flow_block|flow_rule|flow_indr'
)

# spare FROM TO: after a checkout of TO: most objects depend on such a header only because another
# one includes it. Make it no reason to build those again; the whole series is built without this.
spare() {
	local header cmd source
	for header in "${!CONCERNS[@]}"; do
		! bgit diff --quiet "$1" "$2" -- "$header" || continue
		while read -r cmd; do
			source=$(sed -n 's/^source_[^ ]* := //p' "$cmd")
			grep -qsE "${CONCERNS[$header]}" "$source" || continue
			cmd=${cmd/%.cmd/}
			rm -f "${cmd%/*}/${cmd##*/.}"
		done < <(grep -rlF --include='.*.o.cmd' "/$header " "$PRIVATE_OUT")
		touch -d @0 "$PRIVATE_TREE/$header"
	done
}

# prefix_builds FOLDER COMMIT: and boots
prefix_builds() {
	local same=() begun=$SECONDS
	private_tree_at "$2" || return 1
	[ -z "$last" ] || spare "$last" "$2"
	[ -z "$configured" ] || ! bgit diff --quiet "$configured" "$2" -- '*Kconfig*' || same=(--same-config)
	configured=$2
	if ! "$SCRIPTS/build-kernel" --force "${same[@]}" --tree "$PRIVATE_TREE" --out "$PRIVATE_OUT" "$BASE" uml; then
		echo "the series up to $1 does not build"
		return 1
	fi
	if grep -A 5 'warning:' "$BUILD/logs/build-${PRIVATE_OUT##*/}.log"; then
		echo "the series up to $1 builds with warnings"
		return 1
	fi
	if ! "$SCRIPTS/vm-run" --kernel "$PRIVATE_OUT" --timeout 60 true; then
		echo "the series up to $1 does not boot"
		return 1
	fi
	echo "# builds and boots: $1 ($((SECONDS - begun)) s)"
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
	kmake "${LINT[@]}" prepare >"$TMP/one.log" 2>&1 || { tail -n 20 "$TMP/one.log"; echo "make prepare failed"; return 1; }
	(cd "$PRIVATE_OUT" && rm -f "${@/%.c/.o}")
	kmake -k -O -j"$(nproc)" "${LINT[@]}" "${@/%.c/.o}" >"$TMP/one.log" 2>&1 || :
	sed -nE "s|^(\\./\|\\.\\./\|$PRIVATE_TREE/)*([^: ]+):[0-9]+(:[0-9]+)?: ((warning\|error).*)|\\2: \\4|p" "$TMP/one.log" >"$log"
	for f in "$@"; do
		[ -e "$PRIVATE_OUT/${f%.c}.o" ] ||
			echo "$f: cannot be built in the configuration uml: $(grep -m 1 -F "${f%.c}.o" "$TMP/one.log")" >>"$log"
	done
	sort -o "$log" "$log"
}

# offsets FILE: what modules that were built for mainline know, in the tree as it is
offsets() {
	rm -rf "$TMP/layout" && cp -r "$SCRIPTS/layout" "$TMP/layout"
	if ! kmake M="$TMP/layout" layout.s >"$TMP/layout.log" 2>&1; then
		{ grep -A 3 'error' "$TMP/layout.log" || tail -n 5 "$TMP/layout.log"; } >"$1"
		return 0
	fi
	sed -nE 's/^.*"->(.*) [$]?(-?[0-9]+) .*$/\1 \2/p' "$TMP/layout/layout.s" >"$1"
}

# lint: warnings of the compiler with W=1 and of sparse, in one go: $TMP/lint.more has what new
# and touched files have more of than the base has for the touched ones. The gate of the compiler
# shows what it names the option of, that of sparse the rest; both show errors.
lint() {
	local new touched
	[ ! -e "$TMP/lint.done" ] || return 0
	NFTO_BUILD=$BUILD NFTO_ROOT=$ROOT "$SCRIPTS/fetch-tools"
	LINT=(W=1 C=2 CHECK="$BUILD/tools/bin/sparse" KCFLAGS=-Wno-error)
	build_series
	mapfile -t new < <(new_c)
	mapfile -t touched < <(touched_c)
	: >"$TMP/lint.more"
	if [ $((${#new[@]} + ${#touched[@]})) -gt 0 ]; then
		prefix_at pristine
		warnings "$TMP/lint.base" "${touched[@]}"
		offsets "$TMP/layout.base"
		prefix_at "$TIP"
		warnings "$TMP/lint.series" "${touched[@]}" "${new[@]}"
		offsets "$TMP/layout.series"
		sed -i '/: cannot be built with/d' "$TMP/lint.base" # never an excuse
		comm -13 "$TMP/lint.base" "$TMP/lint.series" >"$TMP/lint.more"
	else
		echo "# no C files in the series"
	fi
	: >"$TMP/lint.done"
}

# lint_shows [GREP-OPTION...]: lines of lint that match are wrong
lint_shows() {
	lint
	if grep "$@" "$TMP/lint.more" | sed 's/^/new: /' | grep .; then return 1; fi
}

gate_w1() { lint_shows -E ': error|\[-W|cannot be built'; }
gate_sparse() { lint_shows -vE '\[-W'; }

# Where a long has 32 bits: nothing of ours may warn, and nothing that we touch may fail.
gate_i386() {
	local out=$TMP/i386 new touched f bad=0 make
	build_series
	private_tree_at "$TIP"
	mapfile -t new < <(new_c)
	mapfile -t touched < <(touched_c | grep -vE '^(arch|drivers/net/ethernet)/') # other machines
	mkdir "$out"
	sed 's/[[:space:]]*#.*//; /^CONFIG_64BIT=/d' "$ROOT"/kernel/configs/{common,mainline}.config >"$out/fragment"
	make=(kbuild -s -C "$PRIVATE_TREE" ARCH=i386 O="$out" LOCALVERSION= W=1 KCFLAGS=-Wno-error)
	if ! KCONFIG_ALLCONFIG=$out/fragment "${make[@]}" allnoconfig >"$TMP/i386.log" 2>&1 ||
		! "${make[@]}" prepare >"$TMP/i386.log" 2>&1; then
		tail -n 20 "$TMP/i386.log"
		return 1
	fi
	"${make[@]}" -k -O -j"$(nproc)" "${touched[@]/%.c/.o}" "${new[@]/%.c/.o}" >"$TMP/i386.log" 2>&1 || :
	for f in "${new[@]}" "${touched[@]}"; do
		[ -e "$out/${f%.c}.o" ] && ! { [[ " ${new[*]} " == *" $f "* ]] && grep -qE "$f:.*warning:" "$TMP/i386.log"; } && continue
		grep -F "$f" -A 4 "$TMP/i386.log" || echo "$f: no object, and nothing about it in the output"
		bad=1
	done
	rm -rf "$out"
	return $bad
}

# Modules that were built for mainline may be loaded beside ours.
gate_layout() {
	lint
	if [ "$(wc -l <"$TMP/layout.base")" -lt 50 ]; then
		echo "scripts/layout does not compile against mainline:"
		cat "$TMP/layout.base"
		return 1
	fi
	diff "$TMP/layout.base" "$TMP/layout.series"
}

gate_kerneldoc() {
	local f bad=0
	need_base_files
	while read -r f; do
		[[ $f == *.[ch] ]] || continue
		"$BASE_DIR/scripts/kernel-doc" -none -Wall "$ROOT/$(map_path to_ours "$f")" >"$TMP/kdoc" 2>&1 && [ ! -s "$TMP/kdoc" ] && continue
		cat "$TMP/kdoc"
		bad=1
	done < <(new_files)
	return $bad
}
