# SPDX-License-Identifier: GPL-2.0
"""Part of ft_equal.py: network namespaces, netdevsim devices, the tools of
iproute2 as processes that stay, and raw sockets.

A process takes far longer than a packet where the kernel runs in User Mode
Linux. So "ip" and "bridge" read their commands from a pipe for as long as a
world lives, and this process changes its own namespace instead of starting
others in them.
"""
import ctypes
import fcntl
import json
import os
import select
import socket
import struct
import subprocess
import time

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000
NSIM = "/sys/bus/netdevsim"
DEBUGFS = "/sys/kernel/debug/netdevsim"
NETNS_DIR = "/run/netns"

SO_RCVBUFFORCE = 33
SOL_PACKET = 263
PACKET_AUXDATA = 8
PACKET_IGNORE_OUTGOING = 23
ETH_P_ALL = 3
TP_STATUS_VLAN_VALID = 1 << 4
AUXDATA = struct.Struct("=IIIHHHH")
FRAME_MAX = 4096

SIOCGIFFLAGS = 0x8913
IFF_UP, IFF_RUNNING = 1, 0x40


class Netns:
    """A network namespace. "with netns:" is in it."""

    host = os.open("/proc/self/ns/net", os.O_RDONLY)

    def __init__(self, name):
        self.name = name
        subprocess.run(["ip", "netns", "add", name], check=True)
        self.fd = os.open(f"{NETNS_DIR}/{name}", os.O_RDONLY)
        with self:
            self.control = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    @staticmethod
    def _set(fd):
        if LIBC.setns(fd, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")

    def __enter__(self):
        self._set(self.fd)

    def __exit__(self, *_):
        self._set(self.host)

    def remove(self):
        """Remove it, and with it what it has"""
        self.control.close()
        os.close(self.fd)
        subprocess.run(["ip", "netns", "del", self.name], check=False)

    def run(self, *argv, text=""):
        """Run a command here; its exit status and what it says"""
        with self:
            done = subprocess.run(argv, input=text, text=True, check=False,
                                  stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT)
        return done.returncode, done.stdout

    def sysctl(self, name, value):
        """Write a sysctl; the error, or None"""
        if "/" not in name:
            name = name.replace(".", "/")
        path = "/proc/sys/" + name
        with self:
            try:
                with open(path, "w", encoding="ascii") as file:
                    file.write(str(value))
            except OSError as error:
                return f"{name}={value}: {error.strerror}"
        return None

    def read(self, path):
        """A file of /proc, as it is here"""
        with self:
            with open(path, encoding="ascii") as file:
                return file.read()

    def running(self, dev):
        """Is this device up, with a carrier?"""
        request = struct.pack("16sH14x", dev.encode(), 0)
        answer = fcntl.ioctl(self.control, SIOCGIFFLAGS, request)
        flags = struct.unpack("16sH14x", answer)[1]
        return flags & IFF_UP and flags & IFF_RUNNING

    def ifindex(self, dev):
        """The index of a device"""
        with self:
            return socket.if_nametoindex(dev)


class Batch:
    """A tool of iproute2 that runs in batch mode in a namespace"""

    # No tool has such an object: it says so, which ends an answer.
    END = "ft_equal_end"

    def __init__(self, netns, *argv):
        self.netns = netns
        self.argv = argv
        self.start()

    def start(self):
        """Start the process"""
        with self.netns:
            self.process = subprocess.Popen(
                [*self.argv, "-force", "-batch", "-"], text=True,
                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE)
        self.line = 0

    def stop(self):
        """End the process"""
        self.process.stdin.close()
        self.process.stderr.close()
        self.process.wait()

    def begin(self, lines):
        """Have these lines executed"""
        text = "".join(line + "\n" for line in [*lines, self.END])
        self.process.stdin.write(text)
        self.process.stdin.flush()

    def end(self, lines):
        """Wait for the end of what began with the same lines: what was
        said, each error as "command: message\""""
        errors, said = [], ""
        while True:
            answer = self.process.stderr.readline()
            if not answer:
                # some commands end the tool when they fail
                self.stop()
                self.start()
                return errors + [f"{'; '.join(lines)}: {said.strip()}"]
            if not answer.startswith("Command failed -:"):
                said += answer
                continue
            index = int(answer.rsplit(":", 1)[1]) - 1 - self.line
            if index == len(lines):
                self.line += len(lines) + 1
                return errors
            errors.append(f"{lines[index]}: {said.strip()}")
            said = ""

    def run(self, lines):
        """Execute these lines; the errors"""
        self.begin(lines)
        return self.end(lines)


def write(path, text):
    """Write a file of the kernel's"""
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


class Switch:
    """A netdevsim device with ports of these names"""

    def __init__(self, netns, names, macs):
        self.netns = netns
        for ident in range(os.getpid() % 30000 + 1000, 65000):
            if not os.path.exists(f"{NSIM}/devices/netdevsim{ident}"):
                break
        self.ident = ident
        with netns:
            write(f"{NSIM}/new_device", f"{ident} {len(names)}")
        ports = self._ports(len(names))
        lines = []
        for name, mac in zip(names, macs):
            dev = ports[names.index(name)]
            lines += [f"link set {dev} down", f"link set {dev} name {name}",
                      f"link set {name} address {mac}"]
        errors = Batch(netns, "ip").run(lines)
        if errors:
            raise OSError(f"ports of netdevsim{ident}: {errors}")

    def _ports(self, count):
        """The devices, in the order of the ports"""
        for _ in range(100):
            ports = {}
            _, out = self.netns.run("ip", "-json", "-details", "link")
            for link in json.loads(out):
                port = link.get("phys_port_name", "")
                if port[:1] == "p" and port[1:].isdigit():
                    ports[int(port[1:]) - 1] = link["ifname"]
            if len(ports) == count:
                return ports
            time.sleep(.05)
        raise OSError(f"netdevsim{self.ident}: found ports {ports}")

    def remove(self):
        """Remove the device"""
        write(f"{NSIM}/del_device", str(self.ident))

    def debugfs(self, name):
        """A file of its flow table"""
        path = f"{DEBUGFS}/netdevsim{self.ident}/flow_table/{name}"
        with open(path, encoding="ascii") as file:
            return file.read()


def link(netns1, dev1, netns2, dev2):
    """Connect two ports"""
    write(f"{NSIM}/link_device",
          f"{netns1.fd}:{netns1.ifindex(dev1)} "
          f"{netns2.fd}:{netns2.ifindex(dev2)}")


class Wire:
    """The ends of wires: sends and captures frames at devices"""

    def __init__(self, netns, devs):
        self.sockets = {}
        self.poll = select.poll()
        self.by_fd = {}
        with netns:
            for dev in devs:
                sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
                sock.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
                sock.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
                sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 23)
                sock.bind((dev, ETH_P_ALL))
                sock.setblocking(False)
                self.sockets[dev] = sock
                self.by_fd[sock.fileno()] = dev
                self.poll.register(sock, select.POLLIN)

    def close(self):
        """No more"""
        for sock in self.sockets.values():
            sock.close()

    def send(self, dev, frame):
        """Send a frame; the error, or None"""
        try:
            self.sockets[dev].send(frame)
        except OSError as error:
            return error.strerror
        return None

    @staticmethod
    def _tag(ancillary):
        """The VLAN tag that the kernel has taken out: (TPID, TCI) or None"""
        for level, kind, data in ancillary:
            if level == SOL_PACKET and kind == PACKET_AUXDATA:
                status, _, _, _, _, tci, tpid = AUXDATA.unpack(data)
                if status & TP_STATUS_VLAN_VALID:
                    return tpid, tci
        return None

    def receive(self):
        """What has come by now: (device, VLAN tag, frame) each"""
        for fd, _ in self.poll.poll(0):
            dev = self.by_fd[fd]
            sock = self.sockets[dev]
            while True:
                try:
                    frame, ancillary, _, _ = sock.recvmsg(FRAME_MAX, 64)
                except OSError:
                    break
                yield dev, self._tag(ancillary), frame
