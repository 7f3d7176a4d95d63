#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""A router with a flowtable beside one without: the same packets, the same
random events. What comes out has to be the same.

Prints lines that begin with "# ". Exit status 0: no difference was found; 1:
there is one.

For the worlds see ft_equal_world.py, for the events ft_equal_events.py.
"""
import argparse
import ast
import os
import random
import re
import signal
import sys
import time

from ft_equal_events import EVENTS
from ft_equal_net import write
from ft_equal_pair import Pair

MODES = {"none": None, "software": "", "hardware": "offload"}
# Of all namespaces: how many errors a second of unreachable routes there are
ERROR_COST = "/proc/sys/net/ipv4/route/error_cost"
ACTIVE_MAX = 8
EPISODE = 25 # rounds until all is undone


def say(*words):
    """A diagnostic line of KTAP"""
    print("#", *words, flush=True)


def tell(lines, most=12):
    """Say what differs, or the first lines of it"""
    for line in lines[:most]:
        say(line)
    if len(lines) > most:
        say(f"and {len(lines) - most} more lines")


def kind(name):
    """What events have in common that differ in IP version or flow"""
    return re.sub(r"(:.*|-?[46])$", "", name)


class Test:
    """Rounds of random events, and what is found"""

    def __init__(self, args):
        self.args = args
        self.random = random.Random(args.seed)
        self.names = [name for name in EVENTS
                      if re.search(args.only, name) and
                      not (args.exclude and re.search(args.exclude, name))]
        self.pairs = 0
        self.rounds = self.steps = 0
        self.flows = self.fast = 0
        self.late = []
        self.begun = self.end = 0
        self.pair = None

    def fresh(self):
        """A new pair of worlds with its flows in the fast path: what is
        wrong with it"""
        self.drop()
        self.pairs += 1
        self.pair = Pair(f"fteq{os.getpid()}-{self.pairs}",
                         MODES[self.args.mode], self.args)
        return self.establish()

    def establish(self):
        """Get all flows into the fast path; what is wrong with that"""
        return self.pair.establish(30 if self.args.slow else 10)

    def drop(self):
        """Remove the pair"""
        if self.pair:
            self.late += self.pair.late
            self.pair.remove()
            self.pair = None

    def choose(self):
        """The steps of a random round"""
        pair, steps = self.pair, []
        active = list(pair.active)
        for name in active:
            if EVENTS[name].heavy:
                steps.append("-" + name)
                active.remove(name)
        slots = {EVENTS[name].slot for name in pair.active}
        for _ in range(self.random.choice((1, 1, 2, 3))):
            undo = len(active) / ACTIVE_MAX
            if self.random.random() < undo:
                name = self.random.choice(active)
                active.remove(name)
                steps.append("-" + name)
                continue
            for _ in range(50):
                name = self.pick()
                if EVENTS[name].slot not in slots:
                    slots.add(EVENTS[name].slot)
                    steps.append("+" + name)
                    break
        return steps

    def pick(self):
        """A random event, each kind of them as often as the others. Slow
        ones only if there is time for others as well."""
        left = self.end - time.monotonic()
        names = [name for name in self.names
                 if EVENTS[name].wait * 3 <= left] or self.names
        some = self.random.choice(sorted({kind(name) for name in names}))
        return self.random.choice([name for name in names
                                   if kind(name) == some])

    def home(self):
        """Undo all, and see that all flows are in the fast path again"""
        steps = ["-" + name for name in reversed(self.pair.active)]
        lines = self.pair.round(steps) if steps else []
        if not lines:
            lines = self.establish()
        return steps, [] if self.args.packets else lines

    def run(self, seconds):
        """Random rounds for so long: (the rounds of this pair of worlds,
        what differs), or None"""
        self.begun = time.monotonic()
        self.end = self.begun + seconds
        while time.monotonic() < self.end:
            history, lines = [], self.fresh()
            if lines:
                return history, lines
            while time.monotonic() < self.end:
                if len(history) % EPISODE == EPISODE - 1:
                    steps, lines = self.home()
                else:
                    self.flows += len(self.pair.running)
                    self.fast += len(self.pair.fast())
                    steps = self.choose()
                    lines = self.pair.round(steps)
                history.append(steps)
                self.rounds += 1
                self.steps += len(steps)
                if self.args.verbose:
                    say(f"{self.rounds}:", *steps)
                if lines:
                    return history, lines
        return None

    def replay(self, rounds):
        """The same from rounds that are given"""
        lines = self.fresh()
        if lines:
            return [], lines
        for at, steps in enumerate(rounds):
            lines = self.pair.round(steps)
            if lines:
                return rounds[:at + 1], lines
        return None

    def shrink(self, rounds, seconds):
        """A shorter list of rounds that fails as well, with what differs;
        None if none of them fails again"""
        end = time.monotonic() + seconds
        best = None
        tail = 1
        while not best and time.monotonic() < end:
            best = self.replay(last(rounds, tail))
            if tail >= len(rounds):
                break
            tail *= 3
        progress = best is not None
        while progress:
            progress = False
            for shorter in smaller(best[0]):
                if time.monotonic() > end:
                    return best
                again = self.replay(shorter)
                if again:
                    best, progress = again, True
                    break
        return best


def last(rounds, count):
    """The last rounds, after one with all that is done by then"""
    done = []
    for step in (step for steps in rounds[:-count] for step in steps):
        if step[0] == "+":
            done.append(step)
        elif "+" + step[1:] in done:
            done.remove("+" + step[1:])
    done = [step for step in done if EVENTS[step[1:]].stays]
    return ([done] if done else []) + rounds[-count:]


def smaller(rounds):
    """Lists that are a little shorter"""
    for at, steps in enumerate(rounds):
        if at < len(rounds) - 1:
            yield rounds[:at] + rounds[at + 1:]
        half = len(steps) // 2
        if half > 1:
            for rest in (steps[:half], steps[half:]):
                yield rounds[:at] + [rest] + rounds[at + 1:]
    for at, steps in enumerate(rounds):
        for step in steps:
            rest = [s for s in steps if s != step]
            if rest:
                yield rounds[:at] + [rest] + rounds[at + 1:]


def arguments():
    """The command line"""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--mode", choices=MODES, default="hardware",
                        help="the flowtable of the second router")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int,
                        default=random.SystemRandom().randrange(1 << 31))
    parser.add_argument("--events", help="a list of lists of steps to do, or "
                        "a file that has it, instead of random ones")
    parser.add_argument("--only", default="", help="events that match")
    parser.add_argument("--exclude", default="", help="not these events")
    parser.add_argument("--settle", type=int, default=300,
                        help="time after events, ms")
    parser.add_argument("--retries", type=int, default=2,
                        help="how often a difference may go away")
    parser.add_argument("--shrink", type=float, default=90,
                        help="time to look for a shorter list, seconds")
    parser.add_argument("--survey", action="store_true",
                        help="go on after a difference, without its events")
    parser.add_argument("--sweep", action="store_true",
                        help="each event once, by itself")
    parser.add_argument("--packets", action="store_true",
                        help="compare packets only: flows may leave the fast "
                        "path for nothing")
    parser.add_argument("--slow", action="store_true",
                        help="the kernel is a slow one")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--list", action="store_true", help="list all events")
    return parser.parse_args()


def report(test, history, lines):
    """Say what differs, and find a shorter list; the list"""
    say(f"seed {test.args.seed}, difference in round {test.rounds}, after "
        f"{time.monotonic() - test.begun:.0f} s")
    tell(lines)
    say("events", history)
    if not history or not test.args.shrink:
        return history
    best = test.shrink(history, test.args.shrink)
    if not best:
        say("does not fail again with parts of this list")
        return history
    for line in best[1][:4]:
        say("shortest:", line)
    say(f"shortest list: EVENTS='{best[0]}'")
    return best[0]


def survey(test):
    """Find as many faults as there is time for"""
    found = []
    end = time.monotonic() + test.args.seconds
    tested = 0
    while test.names and time.monotonic() < end:
        start = time.monotonic()
        result = test.run(end - start)
        tested += time.monotonic() - start
        if not result:
            break
        best = report(test, *result)
        if not best:
            break
        kinds = {kind(step[1:]) for step in best[-1]}
        found.append((tested, test.rounds, sorted(kinds)))
        say(f"found after {tested:.1f} s, {test.rounds} rounds:", *kinds)
        test.names = [n for n in test.names if kind(n) not in kinds]
    say("survey: found, after so many seconds and rounds")
    for seconds, rounds, kinds in found:
        say(f"{seconds:7.1f} {rounds:6}", *kinds)
    return found


def sweep(test):
    """Each event by itself, done and undone, with all flows in the fast path
    before: those that make a difference"""
    found = []
    test.fresh()
    test.random.shuffle(test.names)
    for name in test.names:
        for step in "+" + name, "-" + name:
            if not test.pair.possible(step):
                continue
            test.rounds += 1
            lines = test.pair.round([step])
            if not lines and (step[0] == "-" or not EVENTS[name].stays):
                lines = test.establish()
            if lines:
                found.append(step)
                say(f"{step}: {len(lines)} lines:", lines[0])
                test.fresh()
                break
    say(f"sweep: {len(found)} of {len(test.names)} events:", *found)
    return found


def main():
    """See above"""
    args = arguments()
    if args.list:
        print(*EVENTS, sep="\n")
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    test = Test(args)
    with open(ERROR_COST, encoding="ascii") as file:
        error_cost = file.read()
    try:
        write(ERROR_COST, "0")
        say(f"{args.mode}: seed {args.seed}, {len(test.names)} events")
        if args.events:
            text = args.events
            if os.path.exists(text):
                with open(text, encoding="ascii") as file:
                    text = file.read()
            result = test.replay(ast.literal_eval(text))
            if result:
                tell(result[1])
        elif args.sweep:
            result = sweep(test)
        elif args.survey:
            result = survey(test)
        else:
            result = test.run(args.seconds)
            if result:
                report(test, *result)
    finally:
        write(ERROR_COST, error_cost)
        test.drop()
    say(f"{test.rounds} rounds, {test.steps} steps, {test.pairs} pairs of "
        f"worlds, {test.fast} of {test.flows} flows in the fast path before "
        "an event")
    for tries, steps, differs in test.late[:10]:
        lines = next(iter(differs.values()))
        say(f"equal after {tries} more tries: {steps}: {len(differs)} "
            f"flows, {lines[0]}")
    return 1 if result else 0


sys.exit(main())
