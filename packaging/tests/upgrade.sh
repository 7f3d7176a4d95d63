# shellcheck shell=bash
# For check-debian: an upgrade of packages that are in use.
# shellcheck disable=SC2034,SC2154 # of check-debian

# lower_version DIRECTORY: the present packages, with a version that is lower, so that it is an
# upgrade to those
lower_version() {
	local p file dir=$TMP/lower old="0.0~before"
	mkdir -p "$1"
	for p in libnftnl-offload1 nft-offload nft-offload-dkms; do
		rm -rf "$dir"
		file=$packages/$(debs "$p")
		dpkg-deb -R "$file" "$dir"
		sed -i "s/^Version: .*/Version: $old/; s/(= [^)]*)/(= $old)/" "$dir/DEBIAN/control"
		if [ "$p" = nft-offload-dkms ]; then
			mv "$dir"/usr/src/nft-offload-* "$dir/usr/src/nft-offload-$old"
			# modules of another name for what they share
			sed -i 's/:= .*/:= before/' "$dir/usr/src/nft-offload-$old/Kbuild.id"
			sed -i "s/$version/$old/g" "$dir/usr/src/nft-offload-$old/dkms.conf" "$dir"/DEBIAN/{postinst,prerm}
		fi
		rm -f "$dir/DEBIAN/md5sums"
		dpkg-deb --root-owner-group -b "$dir" "$1/${p}_${old}_any.deb"
	done
}

# prebuilt: DKMS builds in the guest, with "make" that hands out what was built from the same source
# outside: an emulated processor takes half an hour or more to compile it.
prebuilt() {
	local m from=$TMP/installed/upper/var/lib/dkms/nft-offload/$version/$kernel/x86_64/module
	mkdir -p "$DEBIAN_ROOT/root/built"
	for m in nf_flow_table nft_flow_offload nft_offload; do
		xz -dc "$from/$m.ko.xz" >"$DEBIAN_ROOT/root/built/$m.ko"
	done
	mv "$DEBIAN_ROOT/usr/bin/make" "$DEBIAN_ROOT/usr/bin/make.real"
	cat >"$DEBIAN_ROOT/usr/bin/make" <<-'END'
	#!/bin/sh
	for word; do case $word in M=*) dir=${word#M=} ;; esac; done
	case "$dir $*" in
	*/nft-offload/*clean*) ;;
	*/nft-offload/*modules*) cmp "$dir/Kbuild.id" /root/built/Kbuild.id && cp /root/built/*.ko "$dir" ;;
	*) exec make.real "$@" ;;
	esac
	END
	chmod +x "$DEBIAN_ROOT/usr/bin/make"
	cp "$TMP/installed/upper/usr/src/nft-offload-$version/Kbuild.id" "$DEBIAN_ROOT/root/built"
}

part_upgrade() {
	local before=${DEBIAN_BEFORE:-$TMP/before}
	installed
	[ -n "${DEBIAN_BEFORE-}" ] || lower_version "$before" >/dev/null
	fresh_root upgrade
	(cd "$before" && ls ./*.deb) | sed 's/^/# before: /'
	# shellcheck disable=SC2046,SC2010 # names without blanks
	t "the version before is installed" apt_install "$before" $(cd "$before" && ls | grep -E '^(libnftnl-offload1|nft-offload|nft-offload-dkms)_[^_]*_[a-z0-9]*\.deb$')
	prebuilt
	mkdir -p "$DEBIAN_ROOT/root/new"
	# shellcheck disable=SC2046 # names without blanks
	(cd "$packages" && cp $(debs libnftnl-offload1 nft-offload nft-offload-dkms) "$DEBIAN_ROOT/root/new")
	boot upgrade "$kernel" 1500 || failed=1
}
