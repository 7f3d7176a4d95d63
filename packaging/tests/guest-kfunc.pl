#!/usr/bin/perl
# usage: guest-kfunc.pl BTF_ID
#
# Have the kernel verify an XDP program that calls bpf_xdp_flow_lookup() of nf_flow_table: it takes
# the call only if the function is registered as a kfunc for XDP. BTF_ID is the function's in the
# BTF of the module nf_flow_table. The program is not attached to anything.
use strict;
use warnings;

use constant { SYS_BPF => 321, PROG_LOAD => 5, BTF_GET_FD_BY_ID => 19, BTF_GET_NEXT_ID => 23, OBJ_GET_INFO_BY_FD => 15, XDP => 6 };

sub bpf {
	my ($cmd, $attr) = @_;
	my $ret = syscall(SYS_BPF, $cmd, $attr, length $attr);
	return $ret, $attr;
}

# The module's BTF, among all that are loaded
sub module_btf {
	my $id = 0;
	while (1) {
		my ($ret, $attr) = bpf(BTF_GET_NEXT_ID, pack("LLL", $id, 0, 0));
		die "no BTF of $_[0]\n" if $ret < 0;
		(undef, $id) = unpack("LL", $attr);
		my ($fd) = bpf(BTF_GET_FD_BY_ID, pack("LLL", $id, 0, 0));
		die "BTF $id: $!\n" if $fd < 0;
		my $name = "\0" x 64;
		# struct bpf_btf_info: btf, btf_size, id, name, name_len, kernel_btf
		my $info = pack("QLLQLL", 0, 0, 0, unpack("Q", pack("P", $name)), 64, 0);
		($ret) = bpf(OBJ_GET_INFO_BY_FD, pack("LLQ", $fd, length $info, unpack("Q", pack("P", $info))));
		die "BTF $id: $!\n" if $ret < 0;
		$name =~ s/\0.*//s;
		return $fd if $name eq $_[0];
	}
}

sub insn {
	my ($code, $dst, $src, $off, $imm) = @_;
	return pack("CCsl", $code, $src << 4 | $dst, $off, $imm);
}

my $btf = module_btf("nf_flow_table");
# 64 bytes for struct bpf_fib_lookup at fp-64, 8 for the options at fp-72, all zero
my $program = insn(0xbf, 6, 1, 0, 0)			# r6 = ctx
	. join("", map { insn(0x7a, 10, 0, -8 * $_, 0) } 1 .. 9)	# *(u64 *)(fp - 8n) = 0
	. insn(0xbf, 1, 6, 0, 0)			# r1 = ctx
	. insn(0xbf, 2, 10, 0, 0) . insn(0x07, 2, 0, 0, -64)	# r2 = fp - 64
	. insn(0xbf, 3, 10, 0, 0) . insn(0x07, 3, 0, 0, -72)	# r3 = fp - 72
	. insn(0xb7, 4, 0, 0, 4)			# r4 = size of the options
	. insn(0x85, 0, 2, 1, $ARGV[0])			# call the kfunc, of the BTF fd_array[1]
	. insn(0xb7, 0, 0, 0, 2) . insn(0x95, 0, 0, 0, 0);	# return XDP_PASS
my $license = "GPL\0";
my $log = "\0" x 65536;
my $fds = pack("ll", 0, $btf);
my $p = sub { unpack("Q", pack("P", $_[0])) };
# prog_type, insn_cnt, insns, license, log_level, log_size, log_buf, kern_version, prog_flags,
# prog_name, prog_ifindex, expected_attach_type, prog_btf_fd, func_info_rec_size, func_info,
# func_info_cnt, line_info_rec_size, line_info, line_info_cnt, attach_btf_id, attach_prog_fd,
# core_relo_cnt, fd_array
my $attr = pack("LLQQLLQLLa16LLLLQLLQLLLLQ", XDP, length($program) / 8, $p->($program), $p->($license),
	1, length $log, $p->($log), 0, 0, "lookup", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, $p->($fds));
my ($fd) = bpf(PROG_LOAD, $attr);
if ($fd < 0) {
	my $why = $!;
	$log =~ s/\0.*//s;
	die "the kernel does not take the program: $why\n$log";
}
print "the kernel takes it\n";
