"""What every scenario of faults.py has: a cluster, a daemon, cards, and the comparison at its end."""
import subprocess
import time

import ehi
from cards import Cards
from daemon import Daemon
from sandpit import Sandpit

CARDS = 40


class Bench:
    """What every scenario has: a cluster, a daemon, cards."""

    def __init__(self, home, build, rounds):
        self.rounds = rounds
        self.pit = Sandpit(home, build)
        cards = Cards()
        self.cards = [cards.plan("GBP", "100000.00") for _ in range(CARDS)]
        self.spare = [cards.plan("GBP", "1000.00") for _ in range(60)]
        cards.add(self.pit)
        self.next_spare = 0
        self.daemon = Daemon(home, build, self.pit.conninfo)

    def take_card(self):
        self.next_spare += 1
        return self.spare[self.next_spare - 1]

    def end_daemon(self):
        """It must be alive, and end as asked."""
        if self.daemon.process is not None:
            assert self.daemon.process.poll() is None, "the daemon died by itself: %s" % self.daemon.process.returncode
            assert self.daemon.stop() == 0, "the daemon did not end with 0"
            self.daemon.process = None

    def restart(self, *settings):
        self.end_daemon()
        self.daemon.settings = list(settings)
        self.daemon.start()
        assert self.daemon.wait_ready(), "never ready"

    def client(self):
        return ehi.Client(self.daemon.port, self.daemon.tls)

    def close(self):
        if self.daemon.process is not None and self.daemon.process.poll() is None:
            self.daemon.kill()
        self.pit.close()

    def settle(self):
        """Waits until nothing is under way: what was declined late is stored, what was untold is voided."""
        assert self.daemon.wait_ready(), "not ready after the fault"
        end = time.monotonic() + 30
        while self.daemon.metric("holdfast_inflight_requests") > 0 and time.monotonic() < end:
            time.sleep(0.05)
        time.sleep(0.3)

    def check(self, history, ok_least=50):
        """The history against the ledger."""
        self.settle()
        holds, messages = {}, {}
        for txn_id, count, amount, remaining in self.pit.query(
                "select txn_id, count(*), sum(amount), sum(amount - cleared - released) from hold group by txn_id"):
            holds[int(txn_id)] = (int(count), int(amount), int(remaining))
        for txn_id, approved, response in self.pit.query(
                "select m.txn_id, m.approved, coalesce(t.response, m.response) from message m "
                "left join told t using (txn_id, role) where m.role = 1"):
            messages[int(txn_id)] = (approved == "t", response)
        counts = {"approved": 0, "declined": 0, "unanswered": 0}
        for operation in history:
            held = holds.get(operation.txn_id, (0, 0, 0))
            stored = messages.get(operation.txn_id)
            if operation.answer is None:
                counts["unanswered"] += 1
                assert held in ((0, 0, 0), (1, operation.minor, operation.minor)), "unanswered %d holds %s" % (
                    operation.txn_id, held)
                continue
            assert operation.answer.decided, "%d got %s" % (operation.txn_id, operation.answer.text)
            if operation.answer.code == "00":
                counts["approved"] += 1
                assert held == (1, operation.minor, operation.minor), "approved %d of %d holds %s" % (
                    operation.txn_id, operation.minor, held)
                assert stored == (True, "00"), "approved %d is stored as %s" % (operation.txn_id, stored)
            else:
                counts["declined"] += 1
                assert held[2] == 0, "declined %d holds %s" % (operation.txn_id, held)
                assert stored is None or stored[1] == operation.answer.code, "%d was told %s, stored %s" % (
                    operation.txn_id, operation.answer.code, stored)
        found = self.pit.verify()
        assert not found, found
        assert counts["approved"] >= ok_least, "too few approvals prove nothing: %s" % counts
        return counts


class Blocker:
    """A session that holds locks while the block runs."""

    def __init__(self, bench, statement):
        self.psql = subprocess.Popen(["psql", "-X", "-q", "-A", "-t", bench.pit.conninfo("admin")],
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.statement = statement

    def say(self, text):
        self.psql.stdin.write(text)
        self.psql.stdin.flush()

    def __enter__(self):
        self.say("begin;\n%s;\n\\echo locked\n" % self.statement)
        for line in self.psql.stdout:
            if line.strip() == "locked":
                return self
        raise RuntimeError("cannot lock")

    def __exit__(self, *unused):
        self.say("rollback;\n")
        self.psql.stdin.close()
        self.psql.wait()


def wait_until(condition, complaint, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, complaint
        time.sleep(0.02)
