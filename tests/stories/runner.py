#!/usr/bin/python3
"""Tells the payment stories to a real holdfastd over mutual TLS, with a real PostgreSQL behind it.

    runner.py BUILD [--only NAME] [--keep]

Every story is told in modes 1 and 4: as it stands, with each message doubled, with neighbours swapped,
and with kill -9 of the daemon after each step and the sender repeating. After each step the answer and
what is held, posted and available are compared; at the end the ledger verifies itself.
"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from decimal import Decimal

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "lib")]

import ehi  # noqa: E402
from cards import Cards  # noqa: E402
from daemon import Daemon  # noqa: E402
from sandpit import Sandpit  # noqa: E402
from stories import STORIES, may_swap  # noqa: E402

MODES = {1: "70101", 4: "70104"}
KINDS = {"A": ehi.authorisation, "D": ehi.reversal, "J": ehi.advice}


class Telling:
    """One story told once: its own cards, ids and traces."""

    def __init__(self, story, mode, variant, number, cards):
        self.story, self.mode, self.variant, self.number = story, mode, variant, number
        self.name = "%s mode %d %s" % (story.name, mode, variant)
        self.card = cards.plan(story.currency, story.posted, MODES[mode])
        self.frozen = cards.plan(story.currency, story.posted, MODES[mode], "frozen")

    def message(self, step, attempt=0):
        label, kind, amount, options, _, _ = step
        base = 10**9 + self.number * 100
        card = self.frozen if options.get("frozen") else self.card
        values = dict(options.get("values", {}))
        values["ProductID"] = MODES[self.mode]
        owner = options.get("of", label)
        trace = options.get("trace", "p%d" % owner)
        values.setdefault("traceid_lifecycle", "BNET-%d-%s" % (self.number, trace))
        if "of" in options:
            values.setdefault("Matching_Txn_ID", str(base + owner))
        if options.get("again"):
            attempt += 1
        values["SendingAttemptCount"] = str(attempt)
        return KINDS[kind](base + label, card, amount, self.story.currency, **values)


class Runner:
    def __init__(self, pit, daemon):
        self.pit, self.daemon, self.failures, self.checks = pit, daemon, [], 0
        self.client = ehi.Client(daemon.port, daemon.tls)

    def fail(self, telling, text):
        self.failures.append("%s: %s" % (telling.name, text))
        print("FAIL %s" % self.failures[-1])

    def expect(self, telling, what, found, expected):
        self.checks += 1
        if found != expected:
            self.fail(telling, "%s is %s, expected %s" % (what, found, expected))

    def send(self, telling, step, attempt=0):
        return self.client.send(telling.message(step, attempt))

    def balances(self, telling, step):
        card = telling.frozen if step[3].get("frozen") else telling.card
        return tuple(Decimal(value) for value in self.pit.balances(card, telling.story.currency))

    def check_step(self, telling, i, step, answer):
        self.expect(telling, "step %d, answer" % (i + 1), str(answer), step[4])
        if step[4] == "10/1":
            self.expect(telling, "step %d, approved" % (i + 1),
                        Decimal(answer.values.get("Bill_Amt_Approved", "0")), Decimal(step[5][0]))
        if step[3].get("values", {}).get("Proc_Code") == "300000":
            self.expect(telling, "step %d, balances" % (i + 1),
                        (Decimal(answer.values.get("CurBalance", "0")), Decimal(answer.values.get("AvlBalance", "0"))),
                        (Decimal(step[5][1]), Decimal(step[5][2])))
        self.expect(telling, "step %d, held, posted, available" % (i + 1), self.balances(telling, step),
                    tuple(Decimal(value) for value in step[5]))

    def tell(self, telling, doubled=False):
        for i, step in enumerate(telling.story.steps):
            answer = self.send(telling, step)
            self.check_step(telling, i, step, answer)
            if doubled:
                again = self.send(telling, step, attempt=1)
                self.expect(telling, "step %d, second answer" % (i + 1), again.values, answer.values)
                self.expect(telling, "step %d, held, posted, available twice" % (i + 1),
                            self.balances(telling, step), tuple(Decimal(value) for value in step[5]))

    def tell_swapped(self, telling, i):
        steps = list(telling.story.steps)
        steps[i], steps[i + 1] = steps[i + 1], steps[i]
        for step in steps:
            answer = self.send(telling, step)
            self.expect(telling, "acknowledgement", answer.acknowledged, "1")
            self.expect(telling, "held below zero", self.balances(telling, step)[0] < 0, False)
        end = telling.story.steps[-1]
        held, posted, _ = self.balances(telling, end)
        self.expect(telling, "held at the end", held, Decimal(telling.story.swapped.get(i, end[5][0])))
        self.expect(telling, "posted at the end", posted, Decimal(end[5][1]))

    def tell_killed(self, tellings):
        """All stories in step: the daemon is killed after each step, and the sender repeats."""
        for i in range(max(len(telling.story.steps) for telling in tellings)):
            given = []
            for telling in tellings:
                if i < len(telling.story.steps):
                    step = telling.story.steps[i]
                    given.append((telling, step, self.send(telling, step)))
                    self.check_step(telling, i, step, given[-1][2])
            self.daemon.kill()
            self.client.close()
            self.daemon.start()
            assert self.daemon.wait_ready()
            for telling, step, answer in given:
                again = self.send(telling, step, attempt=1)
                self.expect(telling, "step %d, answer after the kill" % (i + 1), again.values, answer.values)
                self.check_step(telling, i, step, again)


def plan(cards, only):
    """Every telling, with what to do with it."""
    plans, number = [], 0
    for mode in MODES:
        for story in STORIES:
            if only and story.name != only:
                continue
            variants = ["as told", "doubled", "killed"]
            variants += ["swapped %d" % i for i in range(len(story.steps) - 1) if may_swap(story, i)]
            for variant in variants:
                number += 1
                plans.append(Telling(story, mode, variant, number, cards))
    return plans


def run(pit, daemon, plans):
    runner = Runner(pit, daemon)
    for telling in plans:
        if telling.variant.startswith("swapped"):
            runner.tell_swapped(telling, int(telling.variant.split()[1]))
        elif telling.variant != "killed":
            runner.tell(telling, doubled=telling.variant == "doubled")
    killed = [telling for telling in plans if telling.variant == "killed"]
    if killed:
        runner.tell_killed(killed)
    return runner


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--only")
    parser.add_argument("--keep", action="store_true")
    arguments = parser.parse_args()
    home = tempfile.mkdtemp(prefix="holdfast-stories-")
    os.chmod(home, 0o755)
    pit, daemon = None, None
    try:
        pit = Sandpit(home, os.path.abspath(arguments.build))
        cards = Cards()
        plans = plan(cards, arguments.only)
        cards.add(pit)
        daemon = Daemon(home, pit.build, pit.conninfo)
        daemon.start()
        assert daemon.wait_ready()
        runner = run(pit, daemon, plans)
        if daemon.stop() != 0:
            runner.failures.append("holdfastd did not end with 0")
        runner.failures += daemon.complaints()
        runner.failures += pit.verify()
        print("%d tellings, %d checks, %d failures" % (len(plans), runner.checks, len(runner.failures)))
        return 1 if runner.failures else 0
    finally:
        if daemon is not None and daemon.process is not None and daemon.process.poll() is None:
            daemon.kill()
        if pit is not None:
            pit.close()
        if arguments.keep:
            print("kept " + home)
        else:
            shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
