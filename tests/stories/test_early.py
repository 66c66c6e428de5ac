#!/usr/bin/python3
"""Reversals that overtake their authorisations, in crowds: none gets lost.

    test_early.py BUILD
"""
import json
import os
import shutil
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))

import ehi  # noqa: E402
from cards import Cards  # noqa: E402
from daemon import Daemon  # noqa: E402
from sandpit import Sandpit  # noqa: E402
from sql import Psql  # noqa: E402

BUILD = ""
MANY = 64  # reversals that one newcomer may join (decide.h, DECISION_JOINED_MAX)


class Early(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.home = tempfile.mkdtemp(prefix="holdfast-early-")
        os.chmod(cls.home, 0o755)
        cls.pit = Sandpit(cls.home, BUILD)
        cards = Cards()
        cls.cards = iter([cards.plan("GBP", "1000.00") for _ in range(10)])
        cards.add(cls.pit)
        # What is decided is tested here, not how fast: sanitizers and busy machines are slow.
        cls.daemon = Daemon(cls.home, BUILD, cls.pit.conninfo, ["authorisation.budget_ms=1000"])
        cls.daemon.start()
        assert cls.daemon.wait_ready()
        cls.numbers = iter(range(2 * 10**9, 3 * 10**9))
        cls.client = ehi.Client(cls.daemon.port, cls.daemon.tls)

    @classmethod
    def tearDownClass(cls):
        cls.client.close()
        code = cls.daemon.stop()
        found = cls.daemon.complaints() + cls.pit.verify()
        cls.pit.close()
        shutil.rmtree(cls.home, ignore_errors=True)
        assert code == 0 and not found, (code, found)

    def setUp(self):
        self.card = next(self.cards)

    def reverse(self, amount, trace, **changes):
        values = ehi.reversal(next(self.numbers), self.card, amount, "GBP", traceid_lifecycle=trace,
                              Trans_link=None, Network_Transaction_ID=None, **changes)
        self.assertEqual(str(self.client.send(values)), "00/1")
        return values

    def authorise(self, amount, trace, **changes):
        values = ehi.authorisation(next(self.numbers), self.card, "-" + amount, "GBP", traceid_lifecycle=trace,
                                   **changes)
        return str(self.client.send(values))

    def held(self):
        return self.pit.balances(self.card, "GBP")[0]

    def last_reason(self):
        return self.pit.query("select reason from message where token = %d order by txn_id desc limit 1" % self.card)[0][0]

    def open_parked(self):
        return int(self.pit.query("select count(*) from inbox where token = %d and why in (2, 3) and state = 1"
                                  % self.card)[0][0])

    def test_one_behind_a_hundred_orphans_joins(self):
        for i in range(100):
            self.reverse("1.00", "BNET-orphan-%d" % i)
        self.reverse("15.00", "BNET-early")
        self.assertEqual(self.authorise("15.00", "BNET-early"), "05/1")
        self.assertEqual(self.last_reason(), "already_reversed")
        self.assertEqual(self.held(), "0.00")
        self.assertEqual(self.open_parked(), 100)

    def test_many_partial_ones_join_one_request(self):
        for _ in range(MANY):
            self.reverse("1.00", "BNET-many")
        self.assertEqual(self.authorise("%d.00" % (MANY + 6), "BNET-many"), "00/1")
        self.assertEqual(self.held(), "6.00")
        self.assertEqual(self.open_parked(), 0)

    def test_many_partial_ones_join_one_advice(self):
        for _ in range(10):
            self.reverse("1.00", "BNET-advice")
        self.assertEqual(self.authorise("10.00", "BNET-advice", Authorised_by_GPS="Y"), "00/1")
        self.assertEqual(self.held(), "0.00")
        self.assertEqual(self.open_parked(), 0)

    def test_too_many_refuse_the_newcomer(self):
        for _ in range(MANY + 1):
            self.reverse("1.00", "BNET-crowd")
        self.assertEqual(self.authorise("100.00", "BNET-crowd"), "05/1")
        self.assertEqual(self.last_reason(), "error")
        self.assertEqual(self.held(), "0.00")
        self.assertEqual(self.authorise("100.00", "BNET-crowd", Authorised_by_GPS="Y"), "96/0")
        self.assertEqual(self.open_parked(), MANY + 1)

    def test_an_unreliable_one_joins_what_it_names(self):
        third = next(self.numbers)
        for name in ("VIS1-a", "VIS1-b"):
            self.assertEqual(self.authorise("10.00", name, Trans_link="LINK"), "00/1")
        values = ehi.reversal(next(self.numbers), self.card, "10.00", "GBP", traceid_lifecycle=None,
                              Trans_link="LINK", Matching_Txn_ID=str(third))
        self.assertEqual(str(self.client.send(values)), "00/1")
        self.assertEqual(self.pit.query("select why from inbox where token = %d" % self.card), [("3",)])
        answer = self.client.send(ehi.authorisation(third, self.card, "-10.00", "GBP", Trans_link="LINK",
                                                    traceid_lifecycle="VIS1-c"))
        self.assertEqual(str(answer), "05/1")
        self.assertEqual(self.held(), "20.00")
        self.assertEqual(self.open_parked(), 0)

    def test_one_that_waits_in_vain_is_given_up(self):
        given_up = self.reverse("1.00", "BNET-vain")
        waiting = self.reverse("1.00", "BNET-vain")
        admin = Psql(self.pit.conninfo("admin"))
        admin.query("update inbox set at = at - interval '8 days' where txn_id = %s" % given_up["TXn_ID"])
        admin.close()
        self.assertEqual(self.daemon.stop(), 0)
        self.daemon.start()
        self.assertTrue(self.daemon.wait_ready())
        self.client.close()
        end = time.monotonic() + 20
        while self.open_parked() == 2 and time.monotonic() < end:
            time.sleep(0.05)
        found = {row["txn_id"]: row["state"] for row in
                 json.loads(self.pit.holdfast("inbox", "list", "--limit", "1000", "--json"))["messages"]}
        self.assertEqual((found[given_up["TXn_ID"]], found[waiting["TXn_ID"]]), ("given_up", "open"))
        self.assertEqual(self.pit.query("select payload->'data'->>'txn_id' from outbox where type = "
                                        "'io.holdfast.reversal.unmatched'"), [(given_up["TXn_ID"],)])
        self.assertEqual(self.authorise("3.00", "BNET-vain"), "00/1")
        self.assertEqual(self.held(), "2.00")


if __name__ == "__main__":
    BUILD = os.path.abspath(sys.argv.pop(1))
    unittest.main()
