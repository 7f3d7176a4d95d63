# SPDX-License-Identifier: GPL-2.0
"""Part of ft_equal.py: the packets that it sends, and what it makes of those
that it captures.

The payload is the packet's key, again and again, so that the packet is known
by whatever is left of it: a fragment, what an ICMP error quotes, what is
inside of ESP.
"""
import socket
import struct

MAGIC = b"FtEq"
KEY = struct.Struct("!4sHBBI")
ETH_P_IP, ETH_P_IPV6, ETH_P_8021Q = 0x0800, 0x86dd, 0x8100
TCP, UDP, ICMP, ICMPV6, ESP, FRAGMENT = 6, 17, 1, 58, 50, 44
SYN, ACK, PSH = 2, 16, 8
ORIGINAL, REPLY = 0, 1
REDIRECTS = {(ICMP, 5), (ICMPV6, 137)}


def checksum(*parts):
    """The checksum of the internet"""
    data = b"".join(parts)
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def address(text):
    """The bytes of an address"""
    family = socket.AF_INET6 if ":" in text else socket.AF_INET
    return socket.inet_pton(family, text)


def address_text(data):
    """An address as text"""
    family = socket.AF_INET6 if len(data) == 16 else socket.AF_INET
    return socket.inet_ntop(family, data)


def mac(text):
    """The bytes of a link layer address"""
    return bytes.fromhex(text.replace(":", ""))


def payload(flow, direction, kind, number, size):
    """The payload of a packet"""
    key = KEY.pack(MAGIC, flow, direction, kind, number)
    return (key * (size // len(key) + 1))[:size]


def transport(proto, src, dst, sport, dport, data, flags=PSH | ACK,
              direction=ORIGINAL):
    """A datagram, or a segment. The sequence numbers never change: nobody
    is there whom it disturbs, and segments in sequence would be merged."""
    length = (20 if proto == TCP else 8) + len(data)
    if len(src) == 4:
        pseudo = src + dst + struct.pack("!BBH", 0, proto, length)
    else:
        pseudo = src + dst + struct.pack("!II", length, proto)
    if proto == UDP:
        head = struct.pack("!HHH", sport, dport, length)
        total = checksum(pseudo, head, b"\0\0", data) or 0xffff
        return head + struct.pack("!H", total) + data
    seq, ack = (1000, 2000) if direction == ORIGINAL else (2000, 1000)
    seq += not flags & SYN
    ack = ack + 1 if flags & ACK else 0
    head = struct.pack("!HHIIBBH", sport, dport, seq, ack, 5 << 4, flags,
                       64000)
    total = checksum(pseudo, head, b"\0\0\0\0", data)
    return head + struct.pack("!HH", total, 0) + data


def packet(src, dst, proto, data, ttl, ident, dont_fragment, tos, label=0):
    """An IPv4 or IPv6 packet; the latter has a flow label"""
    if len(src) == 16:
        return struct.pack("!IHBB", 6 << 28 | tos << 20 | label, len(data),
                           proto, ttl) + src + dst + data
    head = struct.pack("!BBHHHBB", 0x45, tos, 20 + len(data), ident & 0xffff,
                       0x4000 if dont_fragment else 0, ttl, proto)
    total = checksum(head, src, dst)
    return head + struct.pack("!H", total) + src + dst + data


def frame(dst, src, tag, data):
    """An Ethernet frame"""
    proto = ETH_P_IP if data[0] >> 4 == 4 else ETH_P_IPV6
    head = dst + src
    if tag:
        head += struct.pack("!HH", ETH_P_8021Q, tag)
    return head + struct.pack("!H", proto) + data


class Frame:
    """A captured frame"""

    def __init__(self, dev, tag, data):
        self.dev = dev
        self.tag = tag
        self.data = data
        self.dst, self.src = data[:6], data[6:12]
        self.key = self._key()
        self.proto = None
        if self.key:
            self._parse()

    def _key(self):
        """(flow, direction, kind, number) if it is about one of our
        packets"""
        at = self.data.find(MAGIC)
        if at < 0 or at + KEY.size > len(self.data):
            return None
        return KEY.unpack_from(self.data, at)[1:]

    def _parse(self):
        ethertype = struct.unpack_from("!H", self.data, 12)[0]
        body = self.data[14:]
        if ethertype == ETH_P_IP:
            self.ttl, self.proto = body[8], body[9]
            self.ip_src, self.ip_dst = body[12:16], body[16:20]
            self.head, self.body = body[:20], body[20:]
            self.offset = struct.unpack_from("!H", body, 6)[0] & 0x3fff
        elif ethertype == ETH_P_IPV6:
            self.ttl, self.proto = body[7], body[6]
            self.ip_src, self.ip_dst = body[8:24], body[24:40]
            self.head, self.body = body[:40], body[40:]
            self.offset = 0

    @property
    def ports(self):
        """Source and destination port, or None"""
        if self.proto not in (TCP, UDP) or self.offset & 0x1fff:
            return None
        return struct.unpack_from("!HH", self.body)

    def chatter(self):
        """Is it of no interest? Redirects are: they are limited by peer."""
        return self.proto is None or \
            (self.proto, self.body[0]) in REDIRECTS

    def same(self):
        """What has to be the same in both worlds: all of it, except for
        what the router numbers by itself in packets that it makes. The
        first three are the port, and the addresses of the link layer."""
        head, body = self.head, self.body
        if len(head) == 20 and self.proto in (ICMP, ESP):
            # identification and header checksum
            head = head[:4] + head[6:10] + head[12:]
        elif len(head) == 40 and self.proto in (ICMPV6, ESP):
            # flow label
            head = head[4:]
        if self.proto == ESP:
            # sequence number
            body = body[:4] + body[8:]
        return self.dev, self.dst, self.src, self.tag, head, body

    def __str__(self):
        text = f"{self.dev} {self.src.hex(':')} > {self.dst.hex(':')}"
        if self.tag:
            text += f" vlan {self.tag[1] & 0xfff}"
        if self.proto is None:
            return text
        text += f" {address_text(self.ip_src)} > {address_text(self.ip_dst)}" \
                f" ttl {self.ttl}"
        if self.ports:
            name = "tcp" if self.proto == TCP else "udp"
            text += f" {name} {self.ports[0]} > {self.ports[1]}"
        elif self.proto in (ICMP, ICMPV6):
            mtu = struct.unpack_from("!I", self.body, 4)[0]
            text += f" icmp type {self.body[0]} code {self.body[1]} mtu {mtu}"
        else:
            text += f" protocol {self.proto}"
        if self.offset:
            text += f" fragment {self.offset:#x}"
        return text + f" length {len(self.body)}"
