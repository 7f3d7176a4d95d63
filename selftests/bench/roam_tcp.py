#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""usage: roam_tcp.py classic|software|hardware ROAMS A R B

What roam_tcp.sh measures. One process asks, one answers, this one has host B move.
"""
import bisect
import os
import random
import signal
import socket
import struct
import sys
import time

from probe import In, Stat, Sysctl, die, mac, now

WAY, roams = sys.argv[1], int(sys.argv[2])
A, R, B = sys.argv[3:6]
SERVER = ("198.51.100.2", 7000)
STALL = 0.15
CONNECTIONS = int(os.environ.get("CONNECTIONS", 1))
SIZE = 64


def exchange(sock, first):
    """Send, if it is ours to begin, and receive, for ever; of each turn the time."""
    data = b"r" * SIZE
    while True:
        begin = now()
        if first:
            sock.sendall(data)
        left = SIZE
        while left:
            got = sock.recv(left)
            if not got:
                return
            left -= len(got)
        if not first:
            sock.sendall(data)
        yield now() - begin


def spawn(function):
    """a process that carries this out"""
    pid = os.fork()
    if not pid:
        function()
        os._exit(0)
    return pid


def serve():
    for _ in exchange(listener.accept()[0], False):
        pass


def ask(answer):
    """Ask until told to stop, then write how many times, and when it stalled."""
    with In(A):
        sock = socket.socket()
    sock.settimeout(20)
    sock.connect(SERVER)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    turns, stalls, stop = 0, [], []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(True))
    for took in exchange(sock, True):
        turns += 1
        if took > STALL:
            stalls.append(now() - took)
        if stop:
            break
    os.write(answer, f"{turns} {' '.join(map(str, stalls))}\n".encode())


def route(dev):
    """the message by which host B sends, and listens, at this device"""
    def attr(kind, data):
        return struct.pack("=HH", 4 + len(data), kind) + data
    body = struct.pack("=BBBBBBBBI", socket.AF_INET, 24, 0, 0, 254, 4, 0, 1, 4)  # onlink
    body += attr(1, socket.inet_aton("192.0.2.0")) + attr(5, socket.inet_aton("198.51.100.1"))
    body += attr(4, struct.pack("=I", index(dev))) + attr(7, socket.inet_aton(SERVER[0]))
    # RTM_NEWROUTE; NLM_F_REQUEST, NLM_F_ACK, NLM_F_REPLACE, NLM_F_CREATE
    return struct.pack("=IHHII", 16 + len(body), 24, 0x505, 1, 0) + body


def index(dev):
    with In(B):
        return socket.if_nametoindex(dev)


class Host:
    """Host B: its place is b0 or c0."""

    def __init__(self):
        with In(B):
            self.netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
        self.route = [route(dev) for dev in ("b0", "c0")]
        self.wire = []
        for dev in ("b0", "c0"):
            with In(B):
                sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
                sock.bind((dev, 0))
            self.wire.append(sock)
        own = bytes.fromhex(mac(B, "b0").replace(":", ""))
        self.hello = (b"\xff" * 6 + own + b"\x88\xb5").ljust(60, b"\0")
        self.deaf = [Sysctl(B, f"net/ipv4/conf/{dev}/rp_filter") for dev in ("b0", "c0")]
        self.place = 1
        self.move()

    def move(self):
        """Speak at the other port, then hear no more at the old one."""
        old, self.place = self.place, 1 - self.place
        self.deaf[self.place](0)
        self.netlink.send(self.route[self.place])
        self.wire[self.place].send(self.hello)
        self.deaf[old](1)  # where host A is not to be reached
        error = struct.unpack_from("=i", self.netlink.recv(1000), 16)[0]
        if error:
            die(f"route: {os.strerror(-error)}")


def in_hardware():
    """whether the requests do not come to the router's processor now"""
    end = now() + 5
    while now() < end:
        hit, miss = hits(), misses()
        time.sleep(0.03)
        if hits() > hit and misses() == miss:
            return True
    return False


hits, misses = Stat(R, "p1", "ft_hit"), Stat(R, "p1", "ft_miss")
host = Host()
with In(B):
    listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(SERVER)
listener.listen(CONNECTIONS)
result, write = os.pipe()
servers = [spawn(serve) for _ in range(CONNECTIONS)]
listener.close()
clients = [spawn(lambda: ask(write)) for _ in servers]
moves = []
for done in range(roams):
    time.sleep(random.uniform(0.2, 0.4))
    if WAY == "hardware" and not in_hardware():
        die(f"not in hardware after {done} moves")
    moves.append(now())
    host.move()
time.sleep(1)
for pid in clients:
    os.kill(pid, signal.SIGTERM)
    os.waitpid(pid, 0)
for pid in servers:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
answers = [[float(x) for x in line.split()] for line in os.read(result, 65536).decode().splitlines()]
# what was under way at the move, or begun after it, until the next one
stalled = {bisect.bisect(moves, begin + STALL / 2) for answer in answers for begin in answer[1:]}
print("roam-tcp", WAY, roams, len(stalled), CONNECTIONS, round(sum(answer[0] for answer in answers)), flush=True)
