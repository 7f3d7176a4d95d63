#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""usage: ft_talk.py serve PAUSE | talk PAUSE ADDRESS

Connections that begin as those of well-known protocols do, at ports that say nothing
of them. "serve" answers, and prints "ready". "talk" has one connection of each: it is
made, PAUSE seconds later the protocol begins, then something is asked and answered 20
times more, and PAUSE seconds later another 20 times. It prints nothing, or what went
wrong, and exits with 1."""

import concurrent.futures
import socket
import ssl
import sys
import threading
import time

# name: (port, what the server says first, [(what the client says, the answer)])
TALK = {
    "http": (7001, b"", [(b"GET / HTTP/1.1\r\nHost: www.example.org\r\nUser-Agent: talk\r\n\r\n",
                          b"HTTP/1.1 200 OK\r\nServer: talk\r\nContent-Type: text/html\r\n"
                          b"Content-Length: 5\r\n\r\nhello")]),
    "smtp": (7002, b"220 mail.example.org ESMTP Postfix\r\n",
             [(b"EHLO host.example.org\r\n", b"250-mail.example.org\r\n250 8BITMIME\r\n"),
              (b"MAIL FROM:<a@example.org>\r\n", b"250 2.1.0 Ok\r\n"),
              (b"RCPT TO:<b@example.org>\r\n", b"250 2.1.5 Ok\r\n")]),
    "ssh": (7003, b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n",
            [(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", b"\0\0\0\x0c\x0a\x14" + bytes(10))]),
    "tls": (7004, b"", [(None, bytes.fromhex("15030300020228"))]),
}
AGAIN, MORE, TIMEOUT = (b"more\r\n", b"again\r\n"), 20, 10


def client_hello():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_hostname="www.example.org")
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


def receive(sock, length):
    got = b""
    while len(got) < length:
        part = sock.recv(length - len(got))
        if not part:
            raise OSError(f"closed after {len(got)} of {length} bytes")
        got += part
    return got


def answer(sock, pause, greeting, turns):
    with sock:
        sock.settimeout(60)
        time.sleep(pause)
        try:
            sock.sendall(greeting)
            for said, answered in turns + [AGAIN] * 2 * MORE:
                if said is None:  # a record of TLS
                    receive(sock, int.from_bytes(receive(sock, 5)[3:], "big"))
                else:
                    receive(sock, len(said))
                sock.sendall(answered)
        except OSError:
            pass


def accept(listener, *args):
    while True:
        sock, _ = listener.accept()
        threading.Thread(target=answer, args=(sock, *args), daemon=True).start()


def serve(pause):
    for port, greeting, turns in TALK.values():
        listener = socket.create_server(("", port))
        threading.Thread(target=accept, args=(listener, pause, greeting, turns), daemon=True).start()
    print("ready", flush=True)
    threading.Event().wait()


def one(name, pause, address):
    """what went wrong"""
    port, greeting, turns = TALK[name]
    try:
        with socket.create_connection((address, port), TIMEOUT) as sock:
            time.sleep(pause)
            receive(sock, len(greeting))
            for i, (said, answered) in enumerate(turns + [AGAIN] * 2 * MORE):
                if i == len(turns) + MORE:
                    time.sleep(pause)
                sock.sendall(client_hello() if said is None else said)
                receive(sock, len(answered))
    except OSError as error:
        return f"{name}: {error}"
    return None


def talk(*args):
    with concurrent.futures.ThreadPoolExecutor() as pool:
        wrong = pool.map(lambda name: one(name, *args), TALK)
    sys.exit("\n".join(filter(None, wrong)) or 0)


if len(sys.argv) == 3 and sys.argv[1] == "serve":
    serve(float(sys.argv[2]))
elif len(sys.argv) == 4 and sys.argv[1] == "talk":
    talk(float(sys.argv[2]), sys.argv[3])
else:
    sys.exit(__doc__)
