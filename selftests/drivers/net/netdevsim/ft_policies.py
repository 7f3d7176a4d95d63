#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""As many policies as nft_offload takes, all listed once and in their order.

usage: ft_policies.py SPEC NUMBER
"""
import os
import sys

SPEC, NUMBER = sys.argv[1], int(sys.argv[2])
sys.path.append(os.path.join(os.path.dirname(SPEC), "../../../tools/net/ynl/pyynl"))
# pylint: disable=wrong-import-position
from lib import NlError, YnlFamily


def name(i):
    """Of flowtable number @i: long ones, so that a list takes many messages"""
    return f"flowtable-{i}-" + "x" * 200


def request(i, **more):
    """What is asked of this flowtable"""
    return {"family": "inet", "table": "t", "name": name(i), **more}


def main():
    """Add, list, replace, delete"""
    ynl = YnlFamily(SPEC, schema="")
    for i in range(NUMBER):
        ynl.do("policy-new", request(i, stack=i + 1))
    try:
        ynl.do("policy-new", request(NUMBER, stack=1))
        sys.exit("one more was taken")
    except NlError as error:
        if error.error != 28 or "may be no more" not in str(error):
            sys.exit(f"one more: {error}")
    # one that is there may be replaced still
    ynl.do("policy-new", request(7, stack=999999))
    got = [(p["name"], p["stack"]) for p in ynl.dump("policy-get", {})]
    want = [(name(i), 999999 if i == 7 else i + 1) for i in range(NUMBER)]
    if got != want:
        sys.exit(f"{len(got)} listed, or not in order")
    for i in range(NUMBER):
        ynl.do("policy-del", request(i))


main()
