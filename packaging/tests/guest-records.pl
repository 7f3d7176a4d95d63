#!/usr/bin/perl
# usage: guest-records.pl FLOWS
#
# UDP flows from host A of the emulated switch to host B, one after the other, from ports 20000 on:
# one packet, and its answer, then 3 to 5 more of other sizes. Prints packets and bytes of IP of
# one direction; the other has the same.
use strict;
use warnings;
use IO::Socket::INET;

my ($packets, $bytes) = (0, 0);
for my $n (0 .. $ARGV[0] - 1) {
	my $s = IO::Socket::INET->new(Proto => "udp", LocalPort => 20000 + $n, PeerAddr => "198.51.100.2:7777") or die $@;
	for my $i (0 .. 3 + $n % 3) {
		my $size = 10 + ($n * 7 + $i * 131) % 1000;
		my $r = "";
		$s->send("x" x $size);
		vec($r, fileno $s, 1) = 1;
		select($r, undef, undef, 5) or die "no answer to packet $i of flow $n\n";
		$s->recv(my $m, 2000);
		die "another answer\n" if length($m) != $size;
		$packets++;
		$bytes += $size + 28;
	}
}
print "$packets $bytes\n";
