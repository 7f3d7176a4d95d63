# SPDX-License-Identifier: GPL-2.0
"""What obey.py, storm.py, roam_tcp.py and million.py share: a flow whose packets are
numbered and looked at where they come out, and commands whose start takes no time.

The packets are sent by this process, one each millisecond, and the process sleeps in
between: a test kernel has one processor, and what is measured needs it too.
"""
import array
import ctypes
import fcntl
import os
import random
import re
import socket
import struct
import subprocess
import sys
import time

MAGIC = b"ftpr"
HEAD = struct.Struct("!4sI")
ETH_P_ALL = 0x0003
CLONE_NEWNET = 0x40000000
PMTUDISC_PROBE = 3
SIOCETHTOOL = 0x8946
SIOCGIFHWADDR = 0x8927
libc = ctypes.CDLL(None, use_errno=True)
now = time.monotonic


def die(text):
    sys.exit(f"{os.path.basename(sys.argv[0])}: {text}")


class In:
    """with In(namespace): what is opened here belongs to this network namespace"""

    def __init__(self, ns):
        self.ns = ns
        self.old = None

    def __enter__(self):
        self.old = os.open("/proc/self/ns/net", os.O_RDONLY)
        self.enter(os.open("/run/netns/" + self.ns, os.O_RDONLY))

    def __exit__(self, *error):
        self.enter(self.old)

    @staticmethod
    def enter(fd):
        if libc.setns(fd, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")
        os.close(fd)


def mac(ns, dev):
    """the link layer address of a device"""
    with In(ns):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with sock:
        got = fcntl.ioctl(sock, SIOCGIFHWADDR, struct.pack("32s", dev.encode()))
    return got[18:24].hex(":")


class Batch:
    """ip or bridge in a namespace, started once. A line that does not exist follows each
    command: its error message says that the command is done."""

    def __init__(self, ns, *tool):
        self.run = subprocess.Popen(
            [*tool, "-n", ns, "-force", "-batch", "-"], stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, bufsize=0)
        self("")

    def __call__(self, lines, check=True):
        """Carry out commands, and return when the last one was done."""
        self.run.stdin.write(lines.encode() + b"\nX\n")
        said, done = b"", None
        while not re.search(rb'Object "X" is.*\nCommand failed.*\n', said):
            more = os.read(self.run.stderr.fileno(), 65536)
            if not more:
                die(f"{lines}: {said.decode()}")
            said += more
            if not done and b'Object "X"' in said:
                done = now()
        said = said[:said.index(b'Object "X"')]
        if check and said.strip():
            die(f"{lines}: {said.decode()}")
        return done

    def end(self):
        self.run.stdin.close()
        self.run.wait()


class Sysctl:
    """/proc/sys/net/... of a namespace, opened once"""

    def __init__(self, ns, name):
        with In(ns):
            self.fd = os.open("/proc/sys/" + name, os.O_RDWR)

    def __call__(self, value):
        os.pwrite(self.fd, str(value).encode(), 0)
        return now()


class Stat:
    """a counter of ethtool -S"""

    def __init__(self, ns, dev, name):
        with In(ns):
            self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.dev = dev.encode()
        info = self.ask(struct.pack("=I", 3).ljust(196, b"\0"))  # ETHTOOL_GDRVINFO
        self.count = struct.unpack_from("=I", info, 180)[0]
        head = struct.pack("=III", 0x1B, 1, self.count)  # ETHTOOL_GSTRINGS
        names = self.ask(head.ljust(12 + 32 * self.count, b"\0"))
        names = [names[12 + 32 * i:44 + 32 * i].split(b"\0")[0].decode() for i in range(self.count)]
        self.index = names.index(name)

    def ask(self, request):
        buf = array.array("B", request)
        fcntl.ioctl(self.sock, SIOCETHTOOL, struct.pack("16sP16x", self.dev, buf.buffer_info()[0]))
        return buf.tobytes()

    def __call__(self):
        head = struct.pack("=II", 0x1D, self.count)  # ETHTOOL_GSTATS
        stats = self.ask(head.ljust(8 + 8 * self.count, b"\0"))
        return struct.unpack_from("=Q", stats, 8 + 8 * self.index)[0]


class Tap:
    """sees the probes that come to a device, or leave it (out), before anything else"""

    def __init__(self, name, ns, dev, out=False):
        self.name, self.out = name, out
        with In(ns):
            self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        self.sock.setsockopt(socket.SOL_SOCKET, 33, 1 << 22)  # SO_RCVBUFFORCE
        self.sock.setblocking(False)
        with In(ns):
            self.sock.bind((dev, ETH_P_ALL))

    def read(self, seen):
        """Put into seen, by number, where each probe came out: the name of the tap and the
        link layer address that it went to."""
        while True:
            try:
                frame, addr = self.sock.recvfrom(160)
            except OSError:  # nothing more, or the device is down
                return
            if (addr[2] == socket.PACKET_OUTGOING) != self.out:
                continue
            at = 42 if frame[12:14] == b"\x08\0" else 62
            if frame[at:at + 4] == MAGIC:
                seen[HEAD.unpack_from(frame, at)[1]] = (self.name, frame[:6])


class Probe:
    """A flow of UDP. Its packets are never fragmented, whatever the path's MTU is."""
    number = 0
    GAP = 0.001

    def __init__(self, ns, source, to, taps, size=64):
        six = ":" in to[0]
        with In(ns):
            self.sock = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_DGRAM)
        if six:
            self.sock.setsockopt(socket.IPPROTO_IPV6, 23, PMTUDISC_PROBE)  # IPV6_MTU_DISCOVER
        else:
            self.sock.setsockopt(socket.IPPROTO_IP, 10, PMTUDISC_PROBE)  # IP_MTU_DISCOVER
        self.sock.bind(source)
        self.to, self.taps, self.size = to, taps, size
        self.sent = {}  # number of a packet: when
        self.seen = {}
        self.pause = 0

    def close(self):
        self.sock.close()

    def send(self):
        Probe.number += 1
        data = HEAD.pack(MAGIC, Probe.number).ljust(self.size, b"x")
        self.sent[Probe.number] = now()
        try:
            self.sock.sendto(data, self.to)
        except OSError:
            pass
        return Probe.number

    def read(self):
        for tap in self.taps:
            tap.read(self.seen)

    def burst(self, count):
        """Send so many, and return where they came out, each once, or None: nowhere."""
        numbers = []
        for _ in range(count):
            numbers.append(self.send())
            time.sleep(self.GAP)
        self.read()
        return {self.seen.get(number) for number in numbers}

    def settle(self, hits, limit, want=None):
        """Send until all come out at one place, want if there is one, and hardware forwards
        them, as hits counts; return the place, or None after limit seconds."""
        end = now() + limit
        while now() < end:
            before = hits() if hits else 0
            places = self.burst(10)
            if len(places) == 1 and None not in places and (not want or want in places) and \
                    (not hits or hits() - before >= 10):
                return places.pop()
            time.sleep(0.01)
        return None

    def go_on(self, seconds):
        """Send a little, for so long."""
        end = now() + seconds
        while now() < end:
            self.burst(1)
            time.sleep(0.01)

    def obeyed(self, event, place, quiet, limit):
        """Send, let the event happen in the midst, and go on until no packet came out at
        the old place for quiet seconds. Return the seconds between the end of the event and
        the sending of the last packet that went there, limit if there is no end of them. In
        pause is the longest time then in which no packet was sent: others had the processor."""
        self.sent.clear()
        self.seen.clear()
        self.burst(10)
        done = event()
        wrong = done
        while now() < max(done, wrong) + quiet:
            number = self.send()
            time.sleep(self.GAP)
            self.read()
            if self.seen.get(number) == place and self.sent[number] > done:
                wrong = self.sent[number]
            if wrong > done + limit:
                break
        self.read()  # and those that were late
        for number, at in self.seen.items():
            if at == place and self.sent[number] > wrong:
                wrong = self.sent[number]
        sent = sorted(at for at in self.sent.values() if done <= at <= wrong)
        self.pause = max((b - a for a, b in zip([done] + sent, sent)), default=0)
        return min(wrong - done, limit)
