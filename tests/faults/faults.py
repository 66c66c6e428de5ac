#!/usr/bin/python3
"""Breaks things under load and looks whether the ledger and what was said still agree.

    faults.py BUILD [SCENARIO...] [--rounds N] [--keep]

Whatever is killed or frozen: every answered approval is in the ledger exactly once, nothing that was
declined holds money, an unanswered request holds at most once, and the ledger verifies. A round counts
only if a request was open when the fault fired.
"""
import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "lib")]

import ehi  # noqa: E402
from bench import CARDS, Bench, Blocker, wait_until  # noqa: E402
from daemon import Daemon  # noqa: E402
from load import Load  # noqa: E402
from proxy import Proxy  # noqa: E402

def describe(counts):
    return ", ".join("%d %s" % (counts[name], name) for name in counts)


# --- scenarios ---


def kill_daemon(bench):
    """kill -9 of the daemon"""
    bench.restart()
    load = Load(bench.daemon, bench.cards)
    load.start()
    for _ in range(bench.rounds):
        load.wait_answered(200)
        load.fire_when_open(bench.daemon.kill)
        bench.daemon.start()
    load.wait_answered(100)
    counts = bench.check(load.stop())
    assert counts["unanswered"] > 0, "no request was cut off"
    return describe(counts)


def kill_backend(bench):
    """kill -9 of a backend: PostgreSQL ends all of them and recovers; the daemon goes on by itself"""
    bench.restart()
    load = Load(bench.daemon, bench.cards)
    load.start()
    for _ in range(bench.rounds):
        load.wait_answered(200)
        victim = bench.pit.backends()[0]
        load.fire_when_open(lambda: os.kill(victim, signal.SIGKILL))
        time.sleep(0.2)
        assert bench.daemon.wait_ready(60), "not ready after a crash of PostgreSQL"
        bench.pit.ask_anew()
    load.wait_answered(100)
    return describe(bench.check(load.stop()))


def end_sessions(bench):
    """pg_terminate_backend of every session, again and again"""
    bench.restart()
    load = Load(bench.daemon, bench.cards)
    load.start()
    for _ in range(bench.rounds * 5):
        load.wait_answered(60)
        victims = bench.pit.backends()
        load.fire_when_open(lambda: [terminate(pid) for pid in victims])
    load.wait_answered(100)
    return describe(bench.check(load.stop()))


def terminate(pid):
    try:
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        pass


def postgres_pids(bench):
    """The postmaster and its children."""
    parent = bench.pit.cluster.process.pid
    children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True)
    return [parent] + [int(pid) for pid in children.stdout.split()]


def freeze(bench):
    """PostgreSQL is stopped: every request is answered within its budget, /readyz says so, and it goes on"""
    bench.restart("database.timeout_ms=500")
    load = Load(bench.daemon, bench.cards, pause=0.002)
    load.start()
    for _ in range(bench.rounds):
        load.wait_answered(100)
        pids = postgres_pids(bench)
        load.fire_when_open(lambda: [os.kill(pid, signal.SIGSTOP) for pid in pids])
        frozen = time.monotonic()
        try:
            load.wait_answered(100)
            end = time.monotonic() + 10
            while bench.daemon.get("/readyz")[0] != 503:
                assert time.monotonic() < end, "/readyz never said that the database is away"
                time.sleep(0.05)
            assert bench.daemon.get("/livez")[0] == 200
            time.sleep(max(0.0, frozen + 2.0 - time.monotonic()))
            load.wait_answered(50)
            thawed = time.monotonic()
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)
        during = [operation for operation in load.history()
                  if frozen < operation.began < thawed - 1.0 and operation.answer is not None]
        assert during, "nothing was sent while PostgreSQL was frozen"
        for operation in during:
            assert operation.ended < thawed, "%d waited for PostgreSQL" % operation.txn_id
            assert operation.answer.code in ("05", "00"), operation.answer
        assert bench.daemon.wait_ready(), "not ready after the thaw"
    load.wait_answered(100)
    counts = bench.check(load.stop())
    assert counts["declined"] > 0
    assert bench.daemon.metric("holdfast_unrecorded_total") == 0
    return describe(counts)


def untold(bench):
    """A decline goes out while the commit hangs, the commit succeeds: the approval is taken back"""
    bench.restart()
    client = bench.client()
    for i in range(bench.rounds):
        card = bench.take_card()
        txn_id = 5 * 10**9 + i
        with Blocker(bench, "lock table message in share mode"):
            answer = client.send(ehi.authorisation(txn_id, card, "-10.00", "GBP"))
            assert str(answer) == "05/1", answer
        wait_until(lambda: bench.pit.query("select 1 from told where txn_id = %d" % txn_id), "told is not written")
        state = bench.pit.query("select state, amount - cleared - released from hold where txn_id = %d" % txn_id)
        assert state == [("5", "0")], "the hold is %s" % state
        assert bench.pit.balances(card, "GBP") == ("0.00", "1000.00", "1000.00")
        events = [row[0] for row in bench.pit.query(
            "select type from outbox where account_id = (select account_id from card where token = %d) "
            "order by event_version" % card)]
        assert events[-1].endswith("authorisation.voided"), events
        again = client.send(ehi.authorisation(txn_id, card, "-10.00", "GBP", SendingAttemptCount="1"))
        assert str(again) == "05/1", "the repeat heard %s" % again
        assert str(client.send(ehi.authorisation(txn_id + 1000, card, "-10.00", "GBP"))) == "00/1"
    assert bench.daemon.metric("holdfast_untold_total") == bench.rounds
    return "%d approvals voided" % bench.rounds


def untold_final(bench):
    """The approval that is taken back had replaced another hold: that one is held again, and can be reversed"""
    bench.restart()
    client = bench.client()
    for i in range(bench.rounds):
        card, txn_id = bench.take_card(), 51 * 10**8 + 10 * i
        trace = "BNET-20260203-FIN%d" % txn_id
        assert str(client.send(ehi.authorisation(txn_id, card, "-100.00", "GBP", traceid_lifecycle=trace))) == "00/1"
        with Blocker(bench, "lock table message in share mode"):
            answer = client.send(ehi.authorisation(txn_id + 1, card, "-140.00", "GBP", traceid_lifecycle=trace,
                                                   auth_type="F"))
            assert str(answer) == "05/1", answer
        wait_told(bench, txn_id + 1)
        assert bench.pit.balances(card, "GBP") == ("100.00", "1000.00", "900.00")
        assert not bench.pit.verify()
        reversal = ehi.reversal(txn_id + 2, card, "100.00", "GBP", traceid_lifecycle=trace, Matching_Txn_ID=str(txn_id))
        assert str(client.send(reversal)) == "00/1"
        assert bench.pit.balances(card, "GBP") == ("0.00", "1000.00", "1000.00")
    return "%d holds restored" % bench.rounds


def wait_told(bench, txn_id):
    wait_until(lambda: bench.pit.query("select 1 from told where txn_id = %d" % txn_id), "told is not written")


def expect_void(bench, card, txn_id):
    wait_told(bench, txn_id)
    assert bench.pit.balances(card, "GBP") == ("0.00", "1000.00", "1000.00")
    again = bench.client().send(ehi.authorisation(txn_id, card, "-10.00", "GBP", SendingAttemptCount="1"))
    assert str(again) == "05/1", "the repeat heard %s" % again


def doubt_killed(bench):
    """A decline goes out while the commit hangs, kill -9, the commit succeeds: the next process takes it back"""
    path = bench.pit.home + "/doubts"
    bench.restart("authorisation.spill=" + path)
    counted = 0
    for i in range(6 * bench.rounds):
        if counted == bench.rounds:
            break
        card, txn_id = bench.take_card(), 52 * 10**8 + 10 * i
        with Blocker(bench, "lock table message in share mode"):
            answer = bench.client().send(ehi.authorisation(txn_id, card, "-10.00", "GBP"))
            assert str(answer) == "05/1", answer
            assert os.path.getsize(path + ".told") > 0, "nobody could know"
            bench.daemon.kill()
        # The backend looks ten times a second whether its client is there; one that saw it die has rolled back.
        time.sleep(0.5)
        stored = bench.pit.query("select 1 from message where txn_id = %d" % txn_id)
        bench.daemon.start()
        assert bench.daemon.wait_ready()
        if stored:
            counted += 1
            expect_void(bench, card, txn_id)
        wait_until(lambda: os.path.getsize(path + ".told") == 0 and os.path.getsize(path) == 0, "the files are not emptied")
    assert counted > 0, "no commit outlived its daemon"
    return "%d approvals voided" % counted


def doubt_left(bench):
    """A commit is lost, a decline goes out, and the daemon is stopped before it can look: the next one takes it back"""
    path, folder = bench.pit.home + "/left", tempfile.mkdtemp(prefix="hfpx-", dir="/tmp")
    proxy = Proxy(folder, bench.pit.cluster.host)
    try:
        bench.restart("authorisation.spill=" + path, "lanes.count=1",
                      "database.writer=host=%s dbname=postgres user=holdfast_writer" % folder)
        card, txn_id = bench.take_card(), 53 * 10**8
        time.sleep(0.5)  # housekeeping opens its session at the start too, and it is the lane's that is meant
        proxy.arm("after", closed_seconds=60)
        answer = bench.client().send(ehi.authorisation(txn_id, card, "-10.00", "GBP"))
        assert str(answer) == "05/1", answer
        assert proxy.cut.is_set(), "the commit was not cut"
        bench.end_daemon()
        assert os.path.getsize(path) > 0, "nobody could know"
    finally:
        proxy.close()
        os.rmdir(folder)
    assert bench.pit.balances(card, "GBP")[0] == "10.00", "nothing to take back proves nothing"
    bench.restart("authorisation.spill=" + path)
    expect_void(bench, card, txn_id)
    return "one approval voided"


def unwritable(bench):
    """Every round fails: /readyz says so, what was said is not given up, and it is stored in the end"""
    bench.restart()
    before = bench.daemon.log().count("event=batch_not_fetched")
    card, txn_id = bench.take_card(), 54 * 10**8
    set_read_only(bench, "on")
    try:
        answer = bench.client().send(ehi.authorisation(txn_id, card, "-3.00", "GBP"))
        assert str(answer) == "05/1", answer
        wait_until(lambda: "rounds failed" in bench.daemon.get("/readyz")[1], "/readyz knows of no failed rounds")
        wait_until(lambda: bench.daemon.log().count("event=batch_not_fetched") > before + 25, "no rounds", 40)
        assert bench.daemon.get("/readyz")[0] == 503
    finally:
        set_read_only(bench, "off")
    assert bench.daemon.wait_ready(), "never ready again"
    wait_until(lambda: bench.pit.query("select 1 from message where txn_id = %d" % txn_id), "the decline was given up")
    row = bench.pit.query("select response, approved from message where txn_id = %d" % txn_id)
    assert row == [("05", "f")], row
    assert bench.daemon.metric("holdfast_unrecorded_total") == 0
    assert str(bench.client().send(ehi.authorisation(txn_id + 1, card, "-3.00", "GBP"))) == "00/1"
    assert not bench.pit.verify()
    return "a decline stored after 25 failed rounds"


def set_read_only(bench, value):
    """Takes effect with each session's next transaction."""
    bench.pit.cluster.psql("set default_transaction_read_only = off; alter role holdfast_writer set "
                           "default_transaction_read_only = %s" % value)
    for victim in bench.pit.backends():  # a role's setting is read when it connects
        terminate(victim)


def away(bench):
    """The database is known to be away: a request is declined at once, not at its deadline, and stored afterwards"""
    budget = 1.0
    bench.restart("authorisation.budget_ms=%d" % (budget * 1000), "database.timeout_ms=500")
    card, txn_id = bench.take_card(), 55 * 10**8
    bench.pit.cluster.stop()
    wait_until(lambda: bench.daemon.get("/readyz")[0] == 503, "never noticed")
    time.sleep(0.3)  # as long as a lost session may come back
    client = bench.client()
    for i in range(5):
        began = time.monotonic()
        assert str(client.send(ehi.authorisation(txn_id + i, card, "-1.00", "GBP"))) == "05/1"
        assert time.monotonic() - began < budget / 2, "it waited for its deadline"
    bench.pit.cluster.start()
    bench.pit.ask_anew()
    assert bench.daemon.wait_ready()
    for i in range(5):
        wait_until(lambda: bench.pit.query("select 1 from message where txn_id = %d" % (txn_id + i)), "not stored")
    reasons = bench.pit.query("select distinct reason from message where txn_id between %d and %d" % (txn_id, txn_id + 4))
    assert str(client.send(ehi.authorisation(txn_id + 10, card, "-1.00", "GBP"))) == "00/1"
    return "5 declined at once, stored as %s" % reasons[0]


def locked_account(bench):
    """Somebody holds one account: its requests are declined in time and stored, the others do not notice"""
    bench.restart()
    client = bench.client()
    for i in range(bench.rounds):
        card, other = bench.take_card(), bench.cards[i]
        txn_id = 6 * 10**9 + i * 100
        assert str(client.send(ehi.authorisation(txn_id, card, "-1.00", "GBP"))) == "00/1"
        with Blocker(bench, "select id from account where id = (select account_id from card where token = %d) "
                            "for update" % card):
            assert str(client.send(ehi.authorisation(txn_id + 1, card, "-1.00", "GBP"))) == "05/1"
            for k in range(10):
                assert str(client.send(ehi.authorisation(txn_id + 10 + k, other, "-1.00", "GBP"))) == "00/1"
            assert not bench.pit.query("select 1 from message where txn_id = %d" % (txn_id + 1))
        wait_until(lambda: bench.pit.query("select 1 from message where txn_id = %d" % (txn_id + 1)),
                   "the decline is not stored")
        row = bench.pit.query("select response, reason, approved from message where txn_id = %d" % (txn_id + 1))
        assert row == [("05", "late", "f")], row
        assert bench.pit.balances(card, "GBP") == ("1.00", "1000.00", "999.00")
    return "%d declines stored afterwards" % bench.rounds


def idle(bench):
    """Nothing to do: the lanes ask the database now and then whether it lives, and notice when it does not"""
    bench.restart("database.timeout_ms=500")
    client = bench.client()
    for _ in range(2):
        time.sleep(1.5)
        assert bench.daemon.get("/readyz")[0] == 200
    bench.pit.cluster.stop()
    wait_until(lambda: bench.daemon.get("/readyz")[0] == 503, "an idle daemon never noticed")
    bench.pit.cluster.start()
    bench.pit.ask_anew()
    assert bench.daemon.wait_ready()
    assert str(client.send(ehi.authorisation(3 * 10**9, bench.take_card(), "-1.00", "GBP"))) == "00/1"
    return "noticed and recovered"


def crowded(bench):
    """More in flight than there are slots: surplus requests are declined at once, and nothing is held for them;
    what the processor tells, and what it keeps sending, still gets in"""
    bench.restart("lanes.queue_max=4")
    client, card, txn_id = bench.client(), bench.take_card(), 11 * 10**9
    load = Load(bench.daemon, bench.cards, callers=8, pause=0.002)
    with Blocker(bench, "lock table message in share mode"):
        load.start()
        load.wait_answered(40)
        assert str(client.send(ehi.authorisation(txn_id, card, "-1.00", "GBP", Authorised_by_GPS="Y"))) == "96/0"
        assert str(client.send(ehi.authorisation(txn_id + 1, card, "-2.00", "GBP", SendingAttemptCount="4"))) == "05/1"
    for number, approved in ((txn_id, "t"), (txn_id + 1, "f")):  # nobody sent them again
        wait_until(lambda: bench.pit.query("select approved from message where txn_id = %d" % number) == [(approved,)],
                   "%d is not stored" % number)
    load.wait_answered(200)
    assert bench.daemon.metric("holdfast_unrecorded_total") > 0
    counts = bench.check(load.stop(), ok_least=5)
    assert counts["declined"] >= 40
    return describe(counts)


def spill(bench):
    """Declines for which there was no slot, and those left when the daemon ends, are stored afterwards"""
    path = bench.pit.home + "/spill"
    bench.restart("lanes.queue_max=4", "authorisation.spill=" + path)
    load = Load(bench.daemon, bench.cards, callers=8, pause=0.002)
    with Blocker(bench, "lock table message in share mode"):
        load.start()
        load.wait_answered(40)
        assert os.path.getsize(path) > 0
    load.wait_answered(100)
    declined = expect_stored(bench, load.stop(), path)
    bench.pit.cluster.stop()
    wait_until(lambda: bench.daemon.get("/readyz")[0] == 503, "never noticed")
    load = Load(bench.daemon, bench.cards, callers=2)
    load.start()
    load.wait_answered(6)
    history = load.stop()
    bench.end_daemon()
    assert os.path.getsize(path) > 0, "what was left is not in the spill"
    assert os.stat(path).st_mode & 0o077 == 0, "others can read the spill"
    bench.pit.cluster.start()
    bench.pit.ask_anew()
    bench.restart("authorisation.spill=" + path)
    declined += expect_stored(bench, history, path)
    assert bench.daemon.metric("holdfast_unrecorded_total") == 0
    return "%d declines stored afterwards" % declined


def expect_stored(bench, history, path):
    """Every decline of the history is a message; returns how many there are."""
    wait_until(lambda: os.path.getsize(path) == 0 and bench.daemon.metric("holdfast_inflight_requests") == 0,
               "the spill is not emptied")
    stored = dict(bench.pit.query("select m.txn_id, coalesce(t.response, m.response) from message m "
                                  "left join told t using (txn_id, role) where m.role = 1"))
    codes = {str(operation.txn_id): operation.answer.code for operation in history}
    missing = [txn_id for txn_id in codes if stored.get(txn_id) != codes[txn_id]]
    assert not missing, "%d of %d are not stored as told, first %s" % (len(missing), len(codes), missing[0])
    return sum(1 for code in codes.values() if code != "00")


def stand_in(bench):
    """Mode 4 where the processor may stand in: 91 while nothing can be decided, and its advice settles it"""
    bench.restart("product 70104.stand_in=yes")
    client = bench.client()
    for i in range(bench.rounds):
        card, txn_id = bench.take_card(), 2 * 10**9 + i
        with Blocker(bench, "lock table message in share mode"):
            answer = client.send(ehi.authorisation(txn_id, card, "-3.00", "GBP", ProductID="70104"))
            assert answer.code == "91", answer
        wait_until(lambda: bench.pit.query("select 1 from message where txn_id = %d" % txn_id), "not stored")
        assert bench.pit.balances(card, "GBP")[0] == "3.00"  # an open question: it stays held
        advice = ehi.authorisation(txn_id, card, "-3.00", "GBP", ProductID="70104", Authorised_by_GPS="Y",
                                   Txn_Stat_Code="I" if i % 2 else "A", Resp_Code_DE39="05" if i % 2 else "00")
        assert str(client.send(advice)) == ("05/1" if i % 2 else "00/1")
        assert bench.pit.balances(card, "GBP")[0] == ("0.00" if i % 2 else "3.00")
    return "%d open questions closed" % bench.rounds


def away_at_start(bench):
    """The database is away when the daemon starts: it answers, and decides as soon as it can"""
    bench.end_daemon()
    bench.pit.cluster.stop()
    bench.daemon.settings = []
    bench.daemon.start()
    client = bench.client()
    card = bench.take_card()
    assert bench.daemon.get("/readyz")[0] == 503
    assert str(client.send(ehi.authorisation(7 * 10**9, card, "-1.00", "GBP"))) == "05/1"
    assert str(client.send(ehi.reversal(7 * 10**9 + 1, card, "1.00", "GBP"))) == "96/0"
    bench.pit.cluster.start()
    bench.pit.ask_anew()
    assert bench.daemon.wait_ready(), "never ready"
    assert str(client.send(ehi.authorisation(7 * 10**9 + 2, card, "-1.00", "GBP"))) == "00/1"
    wait_until(lambda: bench.pit.query("select 1 from message where txn_id = %d" % (7 * 10**9)), "not stored")
    row = bench.pit.query("select response, approved from message where txn_id = %d" % (7 * 10**9))
    assert row == [("05", "f")], row
    return "one decline stored afterwards"


def drain(bench):
    """SIGTERM under load: what is in flight is answered, exit status 0"""
    bench.restart()
    history = []
    for i in range(bench.rounds):
        load = Load(bench.daemon, bench.cards, seed=100 + i)
        load.start()
        load.wait_answered(100)
        codes = []
        load.fire_when_open(lambda: codes.append(bench.daemon.stop()))
        assert codes == [0], "exit status %s" % codes
        load.stopping.set()
        bench.daemon.start()
        history += load.stop()
    counts = bench.check(history)
    assert counts["unanswered"] == 0, "requests were cut off: %s" % counts
    return describe(counts)


def lost_commit(bench):
    """The connection is lost in COMMIT: the same messages again, their keys tell"""
    folder = tempfile.mkdtemp(prefix="hfpx-", dir="/tmp")
    proxy = Proxy(folder, bench.pit.cluster.host)
    try:
        bench.restart("database.writer=host=%s dbname=postgres user=holdfast_writer" % folder, "lanes.count=1")
        time.sleep(0.5)  # housekeeping opens its session at the start too, and it is the lane's that is meant
        client = bench.client()
        txn_id, results = 8 * 10**9, []
        for _ in range(bench.rounds):
            for mode in ("before", "after"):
                results.append(lose_commit(bench, proxy, client, mode, txn_id))
                txn_id += 10
            results.append(lose_commit_and_deadline(bench, proxy, client, txn_id))
            txn_id += 10
        assert bench.daemon.wait_ready()
        return "%d commits lost, %d voided" % (len(results), sum(results))
    finally:
        bench.end_daemon()
        proxy.close()
        os.rmdir(folder)


def lose_commit(bench, proxy, client, mode, txn_id):
    """The daemon finds out within the budget: one approval, whether the first commit arrived or not."""
    card = bench.cards[txn_id // 10 % CARDS]
    assert bench.daemon.wait_ready()  # else it is declined before it gets as far as a COMMIT
    proxy.arm(mode)
    answer = client.send(ehi.authorisation(txn_id, card, "-2.00", "GBP"))
    assert proxy.cut.is_set(), "the commit was not cut"
    late = answer.code == "05"  # on a slow machine the deadline may come first; then it is voided
    assert late or str(answer) == "00/1", answer
    if late:
        wait_until(lambda: bench.pit.query("select 1 from message where txn_id = %d" % txn_id), "not stored")
        return 1
    rows = bench.pit.query("select count(*), sum(amount - cleared - released) from hold where txn_id = %d" % txn_id)
    assert rows == [("1", "200")], rows
    again = client.send(ehi.authorisation(txn_id, card, "-2.00", "GBP", SendingAttemptCount="1"))
    assert again.values == answer.values, "the repeat heard %s" % again
    return 0


def lose_commit_and_deadline(bench, proxy, client, txn_id):
    """It committed, nobody could know in time, a decline went out: it is taken back."""
    card = bench.take_card()
    assert bench.daemon.wait_ready()  # else it is declined before it gets as far as a COMMIT
    proxy.arm("after", closed_seconds=0.4)
    answer = client.send(ehi.authorisation(txn_id, card, "-2.00", "GBP"))
    assert str(answer) == "05/1", answer
    assert proxy.cut.is_set(), "the commit was not cut"
    wait_until(lambda: bench.pit.query("select 1 from told where txn_id = %d" % txn_id), "told is not written")
    rows = bench.pit.query("select state, amount - cleared - released from hold where txn_id = %d" % txn_id)
    assert rows == [("5", "0")], rows
    return 1


def poison(bench):
    """The database refuses one message of a batch: it stands alone in the end, the others are answered"""
    bench.restart("lanes.count=1")
    bench.pit.cluster.psql("alter table message add constraint poison check (merchant_name <> 'POISON')")
    load = Load(bench.daemon, bench.cards)
    load.start()
    client = bench.client()
    try:
        for i in range(bench.rounds * 3):
            load.wait_answered(20)
            txn_id, card = 9 * 10**9 + 10 * i, bench.cards[i % CARDS]
            answer = client.send(ehi.authorisation(txn_id, card, "-1.00", "GBP", Merch_Name="POISON"))
            assert answer.code == "05", answer
            answer = client.send(ehi.authorisation(txn_id + 1, card, "-1.00", "GBP", Merch_Name="POISON",
                                                   Authorised_by_GPS="Y"))
            assert str(answer) == "96/0", answer
            rows = bench.pit.query("select why from inbox where txn_id in (%d, %d)" % (txn_id, txn_id + 1))
            assert rows == [("8",), ("8",)], "the inbox has %s" % rows
            assert not bench.pit.query("select 1 from message where txn_id in (%d, %d)" % (txn_id, txn_id + 1))
    finally:
        history = load.stop()
        bench.pit.cluster.psql("alter table message drop constraint poison")
    return describe(bench.check(history))


def contradicted(bench):
    """Somebody changed a hold by hand: what cannot be booked goes to the inbox, the daemon and the others go on"""
    bench.restart("lanes.count=1")
    client = bench.client()
    for i in range(bench.rounds):
        card, txn_id = bench.take_card(), 56 * 10**8 + 10 * i
        assert str(client.send(ehi.authorisation(txn_id, card, "-10.00", "GBP"))) == "00/1"
        bench.pit.cluster.psql("update hold set released = 500 where txn_id = %d" % txn_id)
        reversal = ehi.reversal(txn_id + 1, card, "10.00", "GBP", Matching_Txn_ID=str(txn_id))
        assert str(client.send(reversal)) == "96/0", "half of it was held"
        assert bench.pit.query("select why from inbox where txn_id = %d" % (txn_id + 1)) == [("8",)]
        assert bench.pit.balances(card, "GBP")[0] == "10.00"
        assert str(client.send(ehi.authorisation(txn_id + 2, bench.cards[0], "-1.00", "GBP"))) == "00/1"
        bench.pit.cluster.psql("update hold set amount = 1500 where txn_id = %d" % txn_id)
        assert str(client.send(reversal)) == "00/1", "it holds as much again"
        assert bench.pit.balances(card, "GBP")[0] == "0.00"
    assert not bench.pit.verify()
    return "%d reversals refused and repeated" % bench.rounds


def two_daemons(bench):
    """Two daemons on one database get the same messages at the same time: one decision, told by both"""
    bench.restart()
    second = Daemon(bench.pit.home + "/second", bench.daemon.build, bench.pit.conninfo)
    second.start()
    assert second.wait_ready()
    try:
        clients = [bench.client(), ehi.Client(second.port, second.tls)]
        unknown = 0
        for i in range(bench.rounds * 20):
            txn_id, card = 4 * 10**9 + i, bench.cards[i % CARDS]
            if i % 4 == 3:
                card, unknown = 999999999, unknown + 1
            answers = send_together(clients, ehi.authorisation(txn_id, card, "-1.00", "GBP"))
            assert answers[0].code == answers[1].code == ("14" if card == 999999999 else "00"), answers
            count = bench.pit.query("select count(*) from hold where txn_id = %d" % txn_id)
            assert count == [("0" if card == 999999999 else "1",)], count
        return "%d messages to both, %d of them for unknown cards" % (bench.rounds * 20, unknown)
    finally:
        assert second.stop() == 0


def send_together(clients, values):
    answers = [None] * len(clients)

    def send(i):
        answers[i] = clients[i].send(values)

    threads = [threading.Thread(target=send, args=(i,)) for i in range(len(clients))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


SCENARIOS = [poison, contradicted, two_daemons, lost_commit, kill_daemon, kill_backend, end_sessions, freeze, untold,
             untold_final, doubt_killed, doubt_left, unwritable, locked_account, crowded, spill, stand_in, idle, away, away_at_start, drain]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("scenario", nargs="*")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", action="store_true")
    arguments = parser.parse_args()
    chosen = [one for one in SCENARIOS if not arguments.scenario or one.__name__ in arguments.scenario]
    home = tempfile.mkdtemp(prefix="holdfast-faults-")
    os.chmod(home, 0o755)
    bench, failed, found = None, 0, []
    try:
        bench = Bench(home, os.path.abspath(arguments.build), arguments.rounds)
        for scenario in chosen:
            began = time.monotonic()
            try:
                result = scenario(bench)
            except (AssertionError, RuntimeError, OSError) as error:
                failed += 1
                result = "FAIL: %s: %s" % (type(error).__name__, error)
            print("%-15s %5.1f s  %s" % (scenario.__name__, time.monotonic() - began, result), flush=True)
        bench.end_daemon()
        found = bench.pit.verify() + bench.daemon.complaints()
        if found:
            print("FAIL: %s" % found)
        return 1 if failed or found else 0
    finally:
        if bench is not None:
            bench.close()
        if arguments.keep or failed or found:
            print("kept " + home)
        else:
            shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
