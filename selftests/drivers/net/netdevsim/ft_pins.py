#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Pin many flows one by one, as a daemon does.

usage: ft_pins.py SPEC NUMBER

Lists the flows, and sends NUMBER requests by the numbers of flows, in turns: to
software, to hardware, and at last to nothing. Prints how many pins a second were
acknowledged. Ends with what went wrong if a request is refused, or if a list does not
tell of each pin.
"""
import os
import socket
import struct
import sys
import time

SPEC, NUMBER = sys.argv[1], int(sys.argv[2])
sys.path.append(os.path.join(os.path.dirname(SPEC), "../../../tools/net/ynl/pyynl"))
# pylint: disable=wrong-import-position
from lib import YnlFamily

NETLINK_GENERIC, SOL_NETLINK, NETLINK_CAP_ACK = 16, 270, 10
NLM_F_REQUEST, NLM_F_ACK, NLMSG_ERROR = 1, 4, 2
BATCH = 32  # acknowledgments that fit into the socket's buffer


def request(op, attr, flow, pin, seq):
    """FLOW_SET of one flow"""
    body = struct.pack("=BBH", op.req_value, 1, 0)
    body += struct.pack("=HHQ", 12, attr["id"].value, flow)
    body += struct.pack("=HHB3x", 5, attr["pin"].value, pin)
    return struct.pack("=IHHII", 16 + len(body), op.family.nlproto.family_id,
                       NLM_F_REQUEST | NLM_F_ACK, seq, 0) + body


def acknowledged(data):
    """How many in one datagram"""
    count = 0
    while data:
        length, kind = struct.unpack_from("=IH", data)
        error = struct.unpack_from("=i", data, 16)[0]
        if kind != NLMSG_ERROR or error:
            sys.exit(f"message of type {kind}, error {error}")
        count += 1
        data = data[(length + 3) & ~3:]
    return count


def send(requests):
    """All of them, some at a time. The seconds that it took"""
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
    sock.setsockopt(SOL_NETLINK, NETLINK_CAP_ACK, 1)
    sock.settimeout(10)
    begin = time.monotonic()
    for i in range(0, len(requests), BATCH):
        batch = requests[i:i + BATCH]
        sock.send(b"".join(batch))
        missing = len(batch)
        while missing > 0:
            missing -= acknowledged(sock.recv(1 << 16))
    return time.monotonic() - begin


def main():
    """List, pin, list"""
    ynl = YnlFamily(SPEC, schema="")
    op = ynl.ops["flow-set"]
    attr = ynl.attr_sets["flow-attrs"]
    flows = [flow["id"] for flow in ynl.dump("flow-get", {})]
    if not flows:
        sys.exit("there are no flows")
    for pin, name in ((2, "software"), (1, "hardware"), (0, None)):
        count = max(NUMBER // 3, len(flows))
        requests = [request(op, attr, flows[i % len(flows)], pin, i + 1)
                    for i in range(count)]
        took = send(requests)
        pins = [flow.get("pin") for flow in ynl.dump("flow-get", {})]
        if pins != [name] * len(flows):
            sys.exit(f"want {name}: {pins}")
        print(f"{name or 'auto'}: {count / took:.0f} pins/s")


main()
