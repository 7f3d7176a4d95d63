#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Requests to nft_offload that a library would not send.

usage: ft_netlink.py MESSAGE [dump] [BYTES]
       ft_netlink.py listen

MESSAGE is the number of the command, BYTES what follows the headers, in hexadecimal;
MESSAGE is "bare" if BYTES have the header of generic netlink, too. Prints "ok" and the number of messages that came, or the errno's name
and what the kernel says is wrong.

listen: prints "listening", then for each datagram of events a line with its bytes
and the number of events in it, until killed.
"""
import errno
import socket
import struct
import sys

NETLINK_GENERIC = 16
GENL_ID_CTRL, CTRL_CMD_GETFAMILY = 16, 3
CTRL_ATTR_FAMILY_ID, CTRL_ATTR_FAMILY_NAME, CTRL_ATTR_MCAST_GROUPS = 1, 2, 7
CTRL_ATTR_MCAST_GRP_ID = 2
SOL_NETLINK = 270
SO_RCVBUFFORCE = 33
NETLINK_ADD_MEMBERSHIP = 1
NETLINK_CAP_ACK, NETLINK_EXT_ACK = 10, 11
NLMSG_ERROR, NLMSG_DONE = 2, 3
NLM_F_REQUEST, NLM_F_ACK, NLM_F_DUMP = 1, 4, 0x300
NLM_F_CAPPED, NLM_F_ACK_TLVS = 0x100, 0x200
NLMSGERR_ATTR_MSG = 1
VERSION = 1


def attributes(data):
    """Attributes by type"""
    found = {}
    while len(data) >= 4:
        length, kind = struct.unpack_from("=HH", data)
        if length < 4:
            break
        found[kind & 0x3fff] = data[4:length]
        data = data[(length + 3) & ~3:]
    return found


def answer(sock):
    """Read up to the end; what to print"""
    messages = 0
    while True:
        data = sock.recv(1 << 16)
        while data:
            length, kind, flags = struct.unpack_from("=IHH", data)
            body = data[16:length]
            data = data[(length + 3) & ~3:]
            if kind not in (NLMSG_ERROR, NLMSG_DONE):
                messages += 1
                continue
            error = -struct.unpack_from("=i", body)[0] if len(body) >= 4 else 0
            if not error:
                return f"ok {messages}"
            skip = 4 if kind == NLMSG_DONE else 20
            text = ""
            if flags & NLM_F_ACK_TLVS:
                text = attributes(body[skip:]).get(NLMSGERR_ATTR_MSG, b"")
                text = " " + text.rstrip(b"\0").decode()
            return errno.errorcode.get(error, str(error)) + text


def find_family():
    """Numbers of the family and of its group, which the kernel gave to them"""
    name = b"nft_offload\0"
    body = struct.pack("=BBHHH", CTRL_CMD_GETFAMILY, 1, 0, 4 + len(name),
                       CTRL_ATTR_FAMILY_NAME) + name
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC) as sock:
        sock.send(struct.pack("=IHHII", 16 + len(body), GENL_ID_CTRL,
                              NLM_F_REQUEST, 1, 0) + body)
        data = sock.recv(1 << 16)
    if struct.unpack_from("=H", data, 4)[0] == NLMSG_ERROR:
        sys.exit(f"no nft_offload: {struct.unpack_from('=i', data, 16)[0]}")
    found = attributes(data[20:])
    group = attributes(attributes(found[CTRL_ATTR_MCAST_GROUPS])[1])
    return (struct.unpack("=H", found[CTRL_ATTR_FAMILY_ID])[0],
            struct.unpack("=I", group[CTRL_ATTR_MCAST_GRP_ID])[0])


def listen():
    """All events from now on"""
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
    sock.bind((0, 0))
    sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 25)
    sock.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, find_family()[1])
    print("listening", flush=True)
    while True:
        rest = data = sock.recv(1 << 18)
        events = 0
        while len(rest) >= 16:
            rest = rest[(struct.unpack_from("=I", rest)[0] + 3) & ~3:]
            events += 1
        print(len(data), events, flush=True)


def main():
    """See above"""
    args = sys.argv[1:]
    if args == ["listen"]:
        listen()
    command = args.pop(0)
    flags = NLM_F_REQUEST | NLM_F_ACK
    if args and args[0] == "dump":
        flags |= NLM_F_DUMP
        args.pop(0)
    body = bytes.fromhex("".join(args))
    if command != "bare":
        body = struct.pack("=BBH", int(command, 0), VERSION, 0) + body

    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
    sock.setsockopt(SOL_NETLINK, NETLINK_CAP_ACK, 1)
    sock.setsockopt(SOL_NETLINK, NETLINK_EXT_ACK, 1)
    sock.settimeout(10)
    sock.send(struct.pack("=IHHII", 16 + len(body), find_family()[0], flags, 1, 0) + body)
    print(answer(sock))


main()
