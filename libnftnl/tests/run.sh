#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: run.sh SOURCE BUILD TEST...
#
# Run the tests that "make check" has built, and look at what is installed. Prints
# KTAP, and fails if a test does.

src=$1
out=$2
shift 2
n=0
failed=0

result() {
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n $2"
	else
		echo "not ok $n $2"
		failed=$((failed + 1))
	fi
}

# the API in the headers is what the library exports, and its map names
symbols() {
	sed -n 's/^\([a-z].*[ *]\)\{0,1\}\(nftnl_[a-z0-9_]*\)(.*/\2/p' \
		"$src"/include/libnftnl_offload/*.h | sort -u > "$out/tests/api"
	nm -D --defined-only "$out/libnftnl-offload.so" |
		sed -n 's/.* \(nftnl_[a-z0-9_]*\)@@LIBNFTNL_OFFLOAD_1.0$/\1/p' |
		sort -u > "$out/tests/exported"
	nm -D --defined-only "$out/libnftnl-offload.so" | grep -v LIBNFTNL_OFFLOAD_1.0 &&
		return 1
	[ -s "$out/tests/api" ] && diff -u "$out/tests/api" "$out/tests/exported"
}

# each header compiles by itself, also as C++ where there is a compiler
headers() {
	for lang in c c++; do
		[ $lang = c ] || command -v g++ > /dev/null || continue
		for h in "$src"/include/libnftnl_offload/*.h; do
			# shellcheck disable=SC2086
			echo "#include <libnftnl_offload/${h##*/}>" |
				${CC:-cc} $CFLAGS -x $lang -Wall -Wextra -Werror \
				-I"$src/include" -fsyntax-only - || return 1
		done
	done
}

# what "make install" leaves is enough for a program: with the library as a shared
# and as a static one
installed() {
	root=$out/tests/root
	rm -rf "$root"
	make -s -C "$src" O="$out" DESTDIR="$root" prefix=/usr install > /dev/null ||
		return 1
	PKG_CONFIG_SYSROOT_DIR=$root
	PKG_CONFIG_PATH=$root/usr/lib/pkgconfig
	PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1
	PKG_CONFIG_ALLOW_SYSTEM_LIBS=1
	export PKG_CONFIG_SYSROOT_DIR PKG_CONFIG_PATH \
		PKG_CONFIG_ALLOW_SYSTEM_CFLAGS PKG_CONFIG_ALLOW_SYSTEM_LIBS
	flags=$(pkg-config --cflags libnftnl-offload) || return 1
	cat > "$out/tests/program.c" <<-'EOF'
	#include <libnftnl_offload/flow.h>
	int main(void)
	{
		struct nftnl_flow *f = nftnl_flow_alloc();
		int ret = nftnl_flow_set_u8(f, NFTNL_FLOW_STATE, 1);
		nftnl_flow_free(f);
		return ret;
	}
	EOF
	# shellcheck disable=SC2086,SC2046
	${CC:-cc} $flags -o "$out/tests/program" "$out/tests/program.c" \
		$(pkg-config --libs libnftnl-offload) &&
		LD_LIBRARY_PATH=$root/usr/lib "$out/tests/program" &&
		${CC:-cc} $flags -o "$out/tests/program" "$out/tests/program.c" \
		"$root/usr/lib/libnftnl-offload.a" -lmnl &&
		"$out/tests/program"
}

echo "KTAP version 1"
echo "1..$(($# + 4))"
for t in "$@"; do
	"$out/tests/$t" > "$out/tests/$t.log" 2>&1
	ret=$?
	sed 's/^/    /' "$out/tests/$t.log"
	result $ret "$t"
done
"$out/tests/fuzz-parse-main" > "$out/tests/fuzz.log" 2>&1
ret=$?
sed 's/^/# /' "$out/tests/fuzz.log"
result $ret fuzz-parse
for t in symbols headers installed; do
	$t > "$out/tests/$t.log" 2>&1
	ret=$?
	sed 's/^/# /' "$out/tests/$t.log"
	result $ret $t
done
echo "# $((n - failed)) passed, $failed failed"
[ $failed -eq 0 ]
