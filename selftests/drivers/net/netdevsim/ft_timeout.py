#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Connections in every state that has a timeout, for flow_table_timeout.sh.

usage: ft_timeout.py NETNS_A NETNS_B

One process has the sockets of both hosts. Each connection has a port of its own
on host B, below. It prints "up" when all are established, and goes on with each
line it reads: "traffic" for four packets of each, "close" for the last packets
of each, the ends of TCP connections among them.
"""
import ctypes
import os
import select
import socket
import struct
import sys
import time

LIBC = ctypes.CDLL(None, use_errno=True)
A4, B4 = "192.0.2.2", "198.51.100.2"
A6, B6 = "2001:db8:1::2", "2001:db8:2::2"
STREAM4, STREAM6, ANSWERED, SILENT, LONGER, SHORTER, LATE = range(4001, 4008)
OPEN, HALF, ENDED, RESET, POLICY, HALF_POLICY = range(5001, 5007)


class In:
    """with In(NETNS): sockets made here are of this namespace"""

    def __init__(self, name):
        self.name = name

    def __enter__(self):
        self.old = os.open("/proc/self/ns/net", os.O_RDONLY)
        new = os.open("/run/netns/" + self.name, os.O_RDONLY)
        if LIBC.setns(new, 0):
            raise OSError(ctypes.get_errno(), "setns")
        os.close(new)

    def __exit__(self, *args):
        LIBC.setns(self.old, 0)
        os.close(self.old)


def readable(sock):
    if not select.select([sock], [], [], 2)[0]:
        sys.exit(f"nothing arrives at {sock}")


class Datagrams:
    """of UDP or GRE; GRE has no ports"""

    def __init__(self, port, family=4, answered=True, gre=False, late=False):
        a, b = (A6, B6) if family == 6 else (A4, B4)
        kind = socket.AF_INET6 if family == 6 else socket.AF_INET
        what = (socket.SOCK_RAW, socket.IPPROTO_GRE) if gre else (socket.SOCK_DGRAM, 0)
        with In(sys.argv[1]):
            self.a = socket.socket(kind, *what)
            self.a.bind((a, 0 if gre else port + 10000))
        with In(sys.argv[2]):
            self.b = socket.socket(kind, *what)
            self.b.bind((b, port))
        self.data = b"\0\0\x08\0" + bytes(32) if gre else b"data"
        self.there, self.back = (b, port), (a, 0 if gre else port + 10000)
        self.answered = answered
        self.first = 3 if late else 0  # so many before the first answer

    def talk(self):
        self.a.sendto(self.data, self.there)
        readable(self.b)
        self.b.recv(2000)
        while self.first:
            self.first -= 1
            self.a.sendto(self.data, self.there)
            readable(self.b)
            self.b.recv(2000)
        if self.answered:
            self.b.sendto(self.data, self.back)
            readable(self.a)
            self.a.recv(2000)

    def close(self):
        self.talk()


class Stream:
    def __init__(self, port, end=None):
        self.end = end
        with In(sys.argv[2]):
            listener = socket.create_server((B4, port))
        with In(sys.argv[1]):
            self.a = socket.create_connection((B4, port))
        self.b = listener.accept()[0]
        listener.close()

    def talk(self):
        for x, y in (self.a, self.b), (self.b, self.a):
            x.send(b"data")
            readable(y)
            y.recv(2000)

    def close(self):
        self.talk()
        if self.end in ("half", "ended"):
            self.a.shutdown(socket.SHUT_WR)
            readable(self.b)
            self.b.recv(2000)
        if self.end == "ended":
            self.b.close()
            readable(self.a)
            self.a.recv(2000)
        if self.end == "reset":
            self.a.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.a.close()


def main():
    flows = [Datagrams(STREAM4), Datagrams(STREAM6, 6), Datagrams(LONGER),
             Datagrams(SHORTER), Datagrams(LATE, late=True),
             Datagrams(0, gre=True), Stream(OPEN),
             Stream(HALF, "half"), Stream(ENDED, "ended"), Stream(RESET, "reset"),
             Stream(POLICY), Stream(HALF_POLICY, "half")]
    late = [Datagrams(ANSWERED), Datagrams(SILENT, answered=False)]
    for flow in flows:
        flow.talk()
    print("up", flush=True)
    for line in sys.stdin:
        if line == "traffic\n":
            for _ in range(4):
                for flow in flows:
                    flow.talk()
        elif line == "close\n":
            # these talk for less than two seconds
            for flow in late * 4 + flows:
                flow.close()
            time.sleep(0.2)
        print("ok", flush=True)


main()
