# SPDX-License-Identifier: GPL-2.0-or-later
# For test cases: nft-offload on a terminal of some size.
import fcntl, os, pty, re, select, signal, struct, termios, time

tool = os.environ["TOOL"]

def start(columns, lines, args, **env):
    """Returns its process, and the other end of its terminal"""
    pid, fd = pty.fork()
    if not pid:
        # not to begin before the terminal has its size
        while struct.unpack("HHHH", fcntl.ioctl(0, termios.TIOCGWINSZ, b"\0" * 8))[1] == 0:
            time.sleep(0.01)
        os.execve(tool, [tool, *args], dict(os.environ, **env))
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    return pid, fd

def shown(columns, *args, fixture, **env):
    """All that a command prints"""
    pid, fd = start(columns, 24, args, FIXTURE=fixture, **env)
    out = b""
    try:
        while data := os.read(fd, 65536):
            out += data
    except OSError:
        pass
    os.waitpid(pid, 0)
    os.close(fd)
    return out.decode().replace("\r\n", "\n")

class Terminal:
    """What a terminal shows, of the few things that top sends."""
    def __init__(self, columns, lines, *args, fixture):
        self.columns, self.lines = columns, lines
        self.clear()
        self.alternate = self.hidden = False
        self.overflow = []
        self.pid, self.fd = start(columns, lines, args, FIXTURE=fixture, TERM="xterm")
        self.buffer = ""

    def clear(self):
        self.screen = [""] * 200
        self.row = self.column = 0

    def size(self, columns, lines):
        self.columns, self.lines = columns, lines
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def feed(self, text):
        for part in re.findall(r"\x1b\[\??[0-9;]*[A-Za-z]|[^\x1b]|\x1b", text):
            if part == "\x1b[H":
                self.row = self.column = 0
            elif part == "\x1b[2J":
                self.screen = [""] * 200
            elif part == "\x1b[J":
                self.screen[self.row:] = [""] * (200 - self.row)
            elif part == "\x1b[K":
                self.screen[self.row] = self.screen[self.row][:self.column]
            elif part in ("\x1b[?1049h", "\x1b[?1049l"):
                self.alternate = part.endswith("h")
            elif part in ("\x1b[?25h", "\x1b[?25l"):
                self.hidden = part.endswith("l")
            elif part == "\r":
                self.column = 0
            elif part == "\n":
                self.row += 1
                if self.row >= self.lines:
                    self.overflow.append("scrolls")
            elif part.startswith("\x1b"):
                self.overflow.append("unknown " + repr(part))
            else:
                line = self.screen[self.row].ljust(self.column)
                self.screen[self.row] = line[:self.column] + part + line[self.column + 1:]
                self.column += 1
                if self.column >= self.columns:
                    self.overflow.append("wraps: " + self.screen[self.row])

    def read(self, until, seconds=20):
        """Reads until until() holds"""
        end = time.time() + seconds
        while time.time() < end:
            if until():
                return True
            if not select.select([self.fd], [], [], 0.2)[0]:
                continue
            try:
                data = os.read(self.fd, 65536)
            except OSError:
                data = b""
            if not data:
                return until()
            self.feed(data.decode(errors="replace"))
        return until()

    def text(self):
        return "\n".join(self.screen[:self.lines]).rstrip()

    def end(self, seconds=20):
        end = time.time() + seconds
        while self.alive() and time.time() < end:
            self.read(lambda: not self.alive(), 0.1)
            time.sleep(0.02)
        if self.alive():
            os.kill(self.pid, signal.SIGKILL)
            return "does not end"
        self.read(lambda: False, 0.3)
        return self.status

    def alive(self):
        if not hasattr(self, "status"):
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
        return not hasattr(self, "status")
