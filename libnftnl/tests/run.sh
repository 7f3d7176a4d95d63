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

# what there is after "make install", and nothing else
installed_files() {
	lib=usr/lib/x86 inc=usr/include/x
	so=libnftnl-offload.so.$(sed -n 's/^VERSION[^0-9]*//p' "$src/Makefile")
	root=$out/tests/root-files
	rm -rf "$root"
	make -s -C "$src" O="$out" DESTDIR="$root" prefix=/usr libdir=/$lib includedir=/$inc \
		install > /dev/null || return 1
	{
		for h in "$src"/include/libnftnl_offload/*.h; do
			echo "$inc/libnftnl_offload/${h##*/} 644"
		done
		cat <<-EOF
		$inc/libnftnl_offload/uapi/linux/netfilter/nft_offload.h 644
		$lib/libnftnl-offload.a 644
		$lib/libnftnl-offload.so -> $so
		$lib/libnftnl-offload.so.1 -> $so
		$lib/$so 755
		$lib/pkgconfig/libnftnl-offload.pc 644
		EOF
	} | sort > "$out/tests/want"
	find "$root" -type f -printf '%P %m\n' -o -type l -printf '%P -> %l\n' |
		sort > "$out/tests/is"
	diff -u "$out/tests/want" "$out/tests/is" || return 1
	for h in common.h event.h explain.h filter.h flow.h policy.h table.h; do
		[ -s "$root/$inc/libnftnl_offload/$h" ] || return 1
	done
	grep -qx "libdir=/$lib" "$root/$lib/pkgconfig/libnftnl-offload.pc" &&
		grep -qx "includedir=/$inc" "$root/$lib/pkgconfig/libnftnl-offload.pc" &&
		readelf -d "$root/$lib/libnftnl-offload.so" |
		grep -q 'SONAME.*\[libnftnl-offload.so.1\]'
}

# it is enough for a program, which pkg-config tells what it needs, with the library
# as a shared and as a static one; so it is for that of README.md
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
	libs=$(pkg-config --libs libnftnl-offload) || return 1
	static=$(pkg-config --static --libs libnftnl-offload |
		 sed 's/-lnftnl-offload/-l:libnftnl-offload.a/') || return 1
	cat > "$out/tests/program.c" <<-'EOF'
	#include <libnftnl_offload/event.h>
	#include <libnftnl_offload/explain.h>
	#include <libnftnl_offload/flow.h>
	#include <libnftnl_offload/policy.h>
	#include <libnftnl_offload/table.h>
	int main(void)
	{
		struct nftnl_flow *f = nftnl_flow_alloc();
		int ret = nftnl_flow_set_u8(f, NFTNL_FLOW_STATE, 1);
		nftnl_flow_free(f);
		return ret;
	}
	EOF
	# shellcheck disable=SC2016
	sed -n '/^```c$/,/^```$/{/^```/!p}' "$src/README.md" |
		sed '/^int main/,/^}/!b;/^}/q' > "$out/tests/readme.c"
	# shellcheck disable=SC2086
	${CC:-cc} $flags -Wall -Wextra -Werror -o "$out/tests/program" "$out/tests/program.c" $libs &&
		LD_LIBRARY_PATH=$root/usr/lib "$out/tests/program" &&
		readelf -d "$out/tests/program" | grep -q 'NEEDED.*libnftnl-offload.so.1]' &&
		${CC:-cc} $flags -o "$out/tests/program" "$out/tests/program.c" $static &&
		"$out/tests/program" &&
		! readelf -d "$out/tests/program" | grep -q 'NEEDED.*libnftnl-offload' &&
		grep -q nftnl_flow_nlmsg_parse "$out/tests/readme.c" &&
		${CC:-cc} $flags -Wall -Wextra -Werror -o "$out/tests/program" "$out/tests/readme.c" $libs
}

echo "KTAP version 1"
echo "1..$(($# + 6))"
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
sh "$src/tests/examples.sh" "$out" > "$out/tests/examples.log" 2>&1
ret=$?
sed 's/^/    /' "$out/tests/examples.log"
result $ret examples
for t in symbols headers installed_files installed; do
	$t > "$out/tests/$t.log" 2>&1
	ret=$?
	sed 's/^/# /' "$out/tests/$t.log"
	result $ret $t
done
echo "# $((n - failed)) passed, $failed failed"
[ $failed -eq 0 ]
