#!/usr/bin/python3
"""Every command on a real database: what it does, what it prints, and its exit status."""
import json
import subprocess
import unittest

import cli

TOKEN, YEN = "154510682", "154510683"


class Commands(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.system = cli.System()
        cls.account = cls.system.card(TOKEN, "--currency", "GBP", "--load", "10.00", "--expiry", "2029-12")["account"]
        cls.system.card(YEN, "--currency", "JPY", "--load", "5000", "--product", "70123")
        cls.root = cls.system.plant(TOKEN)

    @classmethod
    def tearDownClass(cls):
        cls.system.close()

    def lines(self, *arguments, **keywords):
        return self.system.good(*arguments, **keywords).splitlines()

    # --- shapes ---

    def test_every_documented_shape_is_what_is_printed(self):
        calls = {
            "card list": ["card", "list"], "card add": ["card", "add", "154510700", "--currency", "EUR"],
            "card show": ["card", "show", TOKEN], "card import": None,
            "account list": ["account", "list"], "account show": ["account", "show", self.account],
            "account statement": ["account", "statement", self.account],
            "account load": ["account", "load", self.account, "0.01"],
            "auth list": ["auth", "list"], "auth show": ["auth", "show", "700000000001"],
            "hold list": ["hold", "list", "--all"], "ledger balances": ["ledger", "balances"],
            "ledger verify": ["ledger", "verify"], "inbox list": ["inbox", "list"], "db status": ["db", "status"],
            "db migrate": ["db", "migrate"], "version": ["version"],
        }
        shapes = cli.documented()
        self.assertEqual(set(shapes), set(calls), "docs/cli-json.md and this test name different commands")
        for command, words in calls.items():
            with self.subTest(command=command):
                if words is None:
                    found = self.system.json("card", "import", "-", text="token,currency\n154510701,GBP\n")
                else:
                    found = self.system.json(*words)
                example, nullable = shapes[command]
                self.assertEqual(cli.differences(example, found, nullable, command), [])
                lists = [value for value in found.values() if isinstance(value, list)]
                self.assertTrue(all(lists), "an empty list proves nothing")

    def test_freezing_and_blocking_print_the_documented_card(self):
        example, nullable = cli.documented()["card add"]
        self.system.card("154510710", "--currency", "GBP")
        for words in (["freeze"], ["unfreeze"], ["block", "--reason", "issuer"]):
            found = self.system.json("card", words[0], "154510710", *words[1:])
            self.assertEqual(cli.differences(example, found, nullable), [])

    # --- cards ---

    def test_a_card_goes_through_its_life(self):
        token = "154510720"
        self.assertEqual(self.system.card(token, "--currency", "GBP")["status"], "active")
        steps = [(["freeze", token], 0, "frozen"), (["freeze", token], 0, "frozen"), (["unfreeze", token], 0, "active"),
                 (["block", token, "--reason", "issuer"], 0, "blocked"), (["freeze", token], 1, "blocked"),
                 (["unfreeze", token], 0, "active"), (["block", token, "--reason", "lost"], 0, "lost"),
                 (["unfreeze", token], 1, "lost"), (["freeze", token], 1, "lost"),
                 (["block", token, "--reason", "closed"], 0, "closed"), (["block", token, "--reason", "lost"], 1, "closed")]
        for words, status, expected in steps:
            with self.subTest(words=words):
                self.assertEqual(self.system.run("card", *words).returncode, status)
                self.assertEqual(self.system.json("card", "show", token)["status"], expected)

    def test_a_change_leaves_an_event_and_an_audit_row_and_a_repeated_one_does_not(self):
        token = "154510721"
        account = self.system.card(token, "--currency", "GBP")["account"]
        self.system.good("card", "freeze", token, "--reason", "left in a taxi")
        self.system.good("card", "freeze", token, "--reason", "again")
        self.assertEqual(self.system.sql(f"select string_agg(type, ' ' order by event_version) from outbox "
                                         f"where account_id = {account}"),
                         "io.holdfast.card.added io.holdfast.card.frozen")
        self.assertEqual(self.system.sql(f"select string_agg(action || ' ' || detail, '; ' order by id) from audit "
                                         f"where object = 'card/{token}'"),
                         f"card.add account {account}, load GBP 0.00; card.freeze left in a taxi")
        payload = json.loads(self.system.sql(f"select payload from outbox where account_id = {account} and event_version = 2"))
        self.assertEqual((payload["specversion"], payload["id"], payload["sequence"], payload["partitionkey"]),
                         ("1.0", f"{account}-2", "0" * 19 + "2", account))
        self.assertEqual((payload["data"]["token"], payload["data"]["status"]), (token, "frozen"))

    def test_sudo_does_not_hide_who_it_was(self):
        self.system.good("card", "add", "154510722", "--currency", "GBP")
        subprocess.run([cli.HOLDFAST, "card", "freeze", "154510722"], check=True, capture_output=True,
                       env={"HOLDFAST_CONFIG": self.system.config, "SUDO_USER": "alice"})
        self.assertEqual(self.system.sql("select who from audit where action = 'card.freeze' and object = 'card/154510722'"),
                         "alice")

    def test_cards_can_share_an_account(self):
        account = self.system.card("154510730", "--currency", "GBP", "--load", "5")["account"]
        second = self.system.card("154510731", "--account", account, "--load", "1.50")
        self.assertEqual((second["account"], second["posted"], second["currency"]), (account, 650, "GBP"))
        self.assertEqual(len(self.system.json("card", "list", "--account", account)["cards"]), 2)

    def test_an_account_number_ends_in_its_currency(self):
        account = int(self.system.card("154510732", "--currency", "KWD", "--load", "1.234")["account"])
        self.assertEqual(account & 1023, 414)
        self.assertGreaterEqual(account >> 10, 1000)
        self.assertEqual(self.system.json("card", "show", "154510732")["posted"], 1234)

    def test_a_list_is_filtered_and_cut(self):
        self.system.card("154510733", "--currency", "GBP", "--status", "not_active")
        cards = self.system.json("card", "list", "--status", "not_active")["cards"]
        self.assertIn("154510733", [card["token"] for card in cards])
        self.assertTrue(all(card["status"] == "not_active" for card in cards))
        self.assertEqual(len(self.system.json("card", "list", "--limit", "2")["cards"]), 2)
        cut = self.system.run("card", "list", "--limit", "1")
        self.assertEqual(len(cut.stdout.splitlines()), 2)

    # --- tables ---

    def test_people_see_money_with_its_currency_in_columns(self):
        lines = self.lines("card", "list")
        yen = next(line for line in lines if line.startswith(YEN))
        self.assertRegex(yen, r"^154510683  active +\d+ +JPY 5000 +JPY 0 +JPY 5000 ")
        where = lines[0].index("AVAILABLE") + len("AVAILABLE")
        self.assertTrue(all(line[:where].rstrip()[-1].isdigit() for line in lines[1:]))

    def test_times_have_the_zone_asked_for(self):
        berlin = self.system.good("card", "show", TOKEN, TZ="Europe/Berlin")
        self.assertRegex(berlin, r"added +\d{4}-\d\d-\d\d [\d:]{8}\.\d{3}\+0[12]:00")
        self.assertRegex(self.system.good("card", "show", TOKEN, "--utc", TZ="Europe/Berlin"), r"added .*Z\n")

    def test_no_colour_but_on_a_terminal(self):
        self.assertNotIn("\033", self.system.good("card", "list"))
        def terminal(*more):
            words = " ".join([cli.HOLDFAST, "card", "list", *more])
            return subprocess.run(["script", "-qec", words, "/dev/null"], text=True, capture_output=True, check=True,
                                  env={"HOLDFAST_CONFIG": self.system.config, "TERM": "xterm", "PATH": "/usr/bin:/bin"}).stdout
        self.assertIn("\033[1m", terminal())
        self.assertNotIn("\033", terminal("--no-color"))

    # --- accounts ---

    def test_a_load_with_a_key_moves_once(self):
        account = self.system.card("154510740", "--currency", "GBP")["account"]
        first = self.system.json("account", "load", account, "25.00", "--id", "payroll")
        again = self.system.json("account", "load", account, "25.00", "--id", "payroll")
        self.assertEqual((first["repeated"], again["repeated"], again["journal"]), (False, True, first["journal"]))
        self.assertEqual(self.system.run("account", "load", account, "26.00", "--id", "payroll").returncode, 1)
        self.assertEqual(self.system.json("account", "show", account)["posted"], 2500)
        self.system.good("account", "load", account, "25.00")
        self.assertEqual(self.system.json("account", "show", account)["posted"], 5000)

    def test_loads_at_the_same_moment_with_one_key_move_once(self):
        account = self.system.card("154510741", "--currency", "GBP")["account"]
        words = [cli.HOLDFAST, "account", "load", account, "1.00", "--id", "together", "--json"]
        env = {"HOLDFAST_CONFIG": self.system.config}
        running = [subprocess.Popen(words, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(8)]
        done = [process.communicate()[0] for process in running]
        self.assertEqual([process.returncode for process in running], [0] * 8)
        self.assertEqual(sum(not json.loads(text)["repeated"] for text in done), 1)
        self.assertEqual(self.system.json("account", "show", account)["posted"], 100)

    def test_a_statement_pages_and_adds_up(self):
        account = self.system.card("154510750", "--currency", "GBP", "--load", "1.00")["account"]
        for i in range(6):
            self.system.good("account", "load", account, f"0.0{i + 1}")
        pages, after = [], "0"
        while True:
            page = self.system.json("account", "statement", account, "--limit", "3", "--after", after)
            self.assertEqual(page["opening"] + sum(t["amount"] for t in page["transfers"]), page["closing"])
            pages.append(page)
            if page["next"] is None:
                break
            after = str(page["next"])
        self.assertEqual([len(page["transfers"]) for page in pages], [3, 3, 1])
        self.assertEqual([page["opening"] for page in pages[1:]], [page["closing"] for page in pages[:-1]])
        self.assertEqual(pages[-1]["closing"], 121)
        empty = self.system.json("account", "statement", account, "--from", "2001-01-01", "--to", "2001-02-01")
        self.assertEqual((empty["opening"], empty["closing"], empty["transfers"]), (0, 0, []))
        later = self.system.json("account", "statement", account, "--from", "2100-01-01")
        self.assertEqual((later["opening"], later["closing"]), (121, 121))

    # --- authorisations, holds, inbox: what plant.c planted ---

    def test_decisions_are_listed_newest_first(self):
        found = self.system.json("auth", "list", "--card", TOKEN)["authorisations"]
        self.assertEqual([(a["txn_id"], a["decision"], a["response"], a["reason"]) for a in found],
                         [("700000000003", "declined", "05", "untold"),
                          ("700000000002", "declined", "51", "insufficient_funds"),
                          ("700000000001", "approved", "00", "approved")])
        self.assertEqual((found[2]["amount"], found[2]["currency"], found[2]["merchant"]), (200, "GBP", "Café Nero"))
        self.assertEqual(self.system.json("auth", "list", "--card", YEN)["authorisations"], [])
        self.assertEqual(len(self.system.json("auth", "list", "--account", self.account)["authorisations"]), 3)
        self.assertEqual(self.system.json("auth", "list", "--since", "2100-01-01")["authorisations"], [])
        self.assertEqual(len(self.system.json("auth", "list", "--since", "1h", "--limit", "2")["authorisations"]), 2)

    def test_a_decision_is_shown_with_its_facts_payment_and_elements(self):
        found = self.system.json("auth", "show", "700000000001")
        self.assertEqual(found["facts"]["row"], "A1")
        self.assertEqual((found["facts"]["posted"], found["facts"]["held"], found["facts"]["available"]), (1000, 0, 1000))
        self.assertEqual([(e["n"], e["role"], e["txn_id"], e["repair"]) for e in found["entries"]],
                         [(1, "request", "700000000001", None), (2, "outcome", "700000000004", "R1")])
        self.assertIsNone(found["repair"])
        self.assertEqual(self.system.json("auth", "show", "700000000004")["repair"], "R1")
        self.assertEqual([(h["amount"], h["approved"], h["state"]) for h in found["holds"]], [(150, 200, "open")])
        self.assertEqual(found["elements"]["TXn_ID"], "700000000001")
        self.assertIn("CAFÉ NERO", " ".join(found["elements"].values()))
        self.assertIsNone(found["answer"]["told"])
        text = self.system.good("auth", "show", "700000000001")
        for part in ("Facts as decided", "The payment's messages", "The payment's holds", "GBP 2.00", "CAFÉ NERO"):
            self.assertIn(part, text)

    def test_an_answer_that_was_not_the_decision_is_shown_as_sent(self):
        found = self.system.json("auth", "show", "700000000003")
        self.assertEqual((found["decision"], found["reason"], found["response"]), ("declined", "untold", "05"))
        self.assertEqual((found["answer"]["decided"], found["answer"]["told"]), ("00", "05"))
        self.assertEqual(self.system.json("auth", "show", "700000000003-void")["id"], "700000000003-void")
        self.assertEqual(self.system.run("auth", "show", "700000000003-outcome").returncode, 3)

    def test_open_holds_are_listed_and_closed_ones_when_asked(self):
        found = self.system.json("hold", "list", "--card", TOKEN)["holds"]
        self.assertEqual([(h["id"], h["amount"], h["approved"], h["state"]) for h in found],
                         [("700000000001-1", 150, 200, "open")])
        states = [h["state"] for h in self.system.json("hold", "list", "--account", self.account, "--all")["holds"]]
        self.assertEqual(sorted(states), ["open", "voided"])
        self.assertEqual(self.system.json("hold", "list", "--card", YEN)["holds"], [])

    def test_the_inbox_says_why(self):
        found = self.system.json("inbox")["messages"]
        self.assertEqual([(m["txn_id"], m["why"], m["state"], m["token"]) for m in found],
                         [("700000000005", "parked", "open", TOKEN)])
        self.assertIn("700000000005", self.system.good("inbox", "list"))

    # --- the books ---

    def test_balances_add_up_to_nothing(self):
        found = self.system.json("ledger", "balances")
        self.assertTrue(all(row["sum"] == 0 for row in found["trial"]))
        self.assertEqual({(row["currency"], row["layer"]) for row in found["trial"]} & {("GBP", "posted"), ("GBP", "pending"),
                         ("JPY", "posted")}, {("GBP", "posted"), ("GBP", "pending"), ("JPY", "posted")})
        mine = {row["layer"]: row["balance"] for row in found["balances"] if row["account"] == self.account}
        self.assertEqual(mine["pending"], -150)
        text = self.system.good("ledger", "balances")
        self.assertIn("scheme:authorised", text)
        self.assertIn("customers", text)

    def test_sound_books_verify_and_a_kept_root_is_found(self):
        found = self.system.json("ledger", "verify", "--anchor", self.root)
        self.assertTrue(found["ok"])
        self.assertIn("anchor_given", [check["name"] for check in found["checks"]])
        chain = next(check for check in found["checks"] if check["name"] == "chain_hash")
        self.assertGreater(chain["rows"], 3)
        wrong = self.system.run("ledger", "verify", "--anchor", "00" * 32, "--json")
        self.assertEqual(wrong.returncode, 4)
        self.assertEqual([c["name"] for c in json.loads(wrong.stdout)["checks"] if c["violations"]], ["anchor_given"])

    # --- import ---

    def test_an_import_makes_many_cards_in_few_transactions(self):
        rows = "".join(f"{200000000 + i},{('GBP', 'EUR', 'JPY')[i % 3]},{10 + i},2030-01,,7,active\n" for i in range(1500))
        text = "token,currency,load,expiry,account,product,status\n" + rows
        expected = sum((10 + i) * (1 if i % 3 == 2 else 100) for i in range(1500))
        before = int(self.system.sql("select count(*) from chain"))
        self.assertEqual(self.system.json("card", "import", "-", text=text), {"imported": 1500})
        self.assertEqual(int(self.system.sql("select count(*) from chain")) - before, 2)
        self.assertEqual(self.system.sql("select count(*), sum(a.posted) from card c join account a on a.id = c.account_id "
                                         "where token between 200000000 and 200001499"), f"1500|{expected}")
        self.assertTrue(self.system.json("ledger", "verify")["ok"])

    def test_an_import_keeps_the_transactions_before_the_bad_row(self):
        rows = "".join(f"{210000000 + i},GBP,1\n" for i in range(1100)) + "210000000,GBP,1\n"
        done = self.system.run("card", "import", "-", "--json", text="token,currency,load\n" + rows)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(json.loads(done.stdout), {"imported": 1000})
        self.assertIn("stdin:1102 token", done.stderr)
        self.assertEqual(self.system.sql("select count(*) from card where token between 210000000 and 210001099"), "1000")

    # --- the program itself ---

    def test_the_reference_page_is_what_the_program_says(self):
        page = (cli.ROOT / "docs/cli.md").read_text(encoding="utf-8")
        self.assertEqual(self.system.good("help", "--markdown"), page, "make it anew: holdfast help --markdown > docs/cli.md")

    def test_help_needs_no_configuration(self):
        for words in (["--help"], ["help"], ["card", "--help"], ["card", "add", "-h"], ["help", "card", "add"], ["version"],
                      ["--version"]):
            done = self.system.run(*words, config="/nonexistent")
            self.assertEqual((done.returncode, done.stderr), (0, ""), words)
            if "version" not in words[0]:
                self.assertTrue(done.stdout.startswith("Examples:\n"), words)

    def test_a_result_that_cannot_be_written_is_no_success(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([cli.HOLDFAST, "card", "list"], stdout=full, stderr=subprocess.PIPE, check=False,
                                  env={"HOLDFAST_CONFIG": self.system.config})
        self.assertEqual(done.returncode, 1)


class Migration(unittest.TestCase):
    def test_a_new_database_is_brought_up_to_date_once(self):
        system = cli.System(migrate=False)
        self.addCleanup(system.close)
        behind = system.run("db", "status", "--json")
        self.assertEqual(behind.returncode, 4)
        self.assertEqual(json.loads(behind.stdout)["applied"], 0)
        known = json.loads(behind.stdout)["known"]
        self.assertEqual(system.json("db", "migrate")["applied_now"], known)
        self.assertEqual(system.json("db", "migrate")["applied_now"], 0)
        self.assertEqual(system.json("db", "status")["pending"], 0)


if __name__ == "__main__":
    unittest.main()
