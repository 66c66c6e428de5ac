#!/usr/bin/python3
"""What is kept of a message besides the money it moves.

    test_kept.py BUILD
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

BUILD = ""
DAY = 86400


class Kept(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.home = tempfile.mkdtemp(prefix="holdfast-kept-")
        os.chmod(cls.home, 0o755)
        cls.pit = Sandpit(cls.home, BUILD)
        cards = Cards()
        cls.card = cards.plan("GBP", "1000.00")
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

    def authorise(self, txn_id=None, **changes):
        txn_id = txn_id or next(self.numbers)
        answer = self.client.send(ehi.authorisation(txn_id, self.card, "-1.00", "GBP", **changes))
        self.assertEqual(str(answer), "00/1")
        return txn_id

    def life(self, txn_id):
        """Seconds from a hold's beginning to its end."""
        rows = self.pit.query("select round(extract(epoch from expires_at - opened_at)) from hold where txn_id = %d"
                              % txn_id)
        self.assertEqual(len(rows), 1)
        return int(rows[0][0])

    @staticmethod
    def date(days):
        """So many days from now, as the processor writes it."""
        return time.strftime("%Y-%m-%d %H:%M:%S.190       ", time.gmtime(time.time() + days * DAY))

    # --- a hold's end ---

    def test_a_hold_ends_three_days_after_the_date(self):
        txn_id = self.authorise(auth_expdate_utc=self.date(7))
        self.assertAlmostEqual(self.life(txn_id), 10 * DAY, delta=120)
        txn_id = self.authorise(auth_expdate_utc=self.date(30))
        self.assertAlmostEqual(self.life(txn_id), 33 * DAY, delta=120)

    def test_a_hold_ends_within_bounds(self):
        self.assertEqual(self.life(self.authorise(auth_expdate_utc=self.date(100))), 45 * DAY)
        self.assertEqual(self.life(self.authorise(auth_expdate_utc=self.date(-100))), DAY)

    def test_a_hold_without_a_date_ends_after_ten_days(self):
        for value in (None, "", "soon", "1900-01-01 00:00:00.000"):
            self.assertEqual(self.life(self.authorise(auth_expdate_utc=value)), 10 * DAY, value)

    def test_an_incremental_leaves_the_ends_of_the_others(self):
        first = self.authorise(traceid_lifecycle="BNET-inc", auth_expdate_utc=self.date(7))
        second = self.authorise(traceid_lifecycle="BNET-inc", auth_expdate_utc=self.date(20))
        self.assertAlmostEqual(self.life(first), 10 * DAY, delta=120)
        self.assertAlmostEqual(self.life(second), 23 * DAY, delta=120)

    def test_growth_by_its_advice_moves_the_end(self):
        txn_id = self.authorise(auth_expdate_utc=self.date(7))
        answer = self.client.send(ehi.authorisation(txn_id, self.card, "-2.00", "GBP", Txn_Amt="1.0000",
                                                    Authorised_by_GPS="Y", auth_expdate_utc=self.date(8)))
        self.assertEqual(str(answer), "00/1")
        self.assertAlmostEqual(self.life(txn_id), 11 * DAY, delta=120)

    # --- a repair ---

    def repairs(self, txn_id):
        return self.pit.query("select role, repair from message where txn_id = %d order by role" % txn_id)

    def test_a_repair_is_kept_with_the_message_that_made_it(self):
        txn_id = self.authorise()
        answer = self.client.send(ehi.authorisation(txn_id, self.card, "-1.00", "GBP", Authorised_by_GPS="Y",
                                                    Txn_Stat_Code="I", Resp_Code_DE39="91"))
        self.assertEqual(str(answer), "91/1")
        self.assertEqual(self.repairs(txn_id), [("1", ""), ("2", "R2")])
        shown = json.loads(self.pit.holdfast("auth", "show", "%d-outcome" % txn_id, "--json"))
        self.assertEqual(shown["repair"], "R2")
        self.assertEqual([entry["repair"] for entry in shown["entries"]], [None, "R2"])

    def test_an_early_reversal_is_kept_as_R8(self):
        reversal, request = next(self.numbers), next(self.numbers)
        self.client.send(ehi.reversal(reversal, self.card, "0.40", "GBP", traceid_lifecycle="BNET-R8",
                                      Trans_link=None))
        self.authorise(request, traceid_lifecycle="BNET-R8")
        self.assertEqual(self.repairs(reversal) + self.repairs(request), [("2", "R8"), ("1", "R8")])


if __name__ == "__main__":
    BUILD = os.path.abspath(sys.argv.pop(1))
    unittest.main()
