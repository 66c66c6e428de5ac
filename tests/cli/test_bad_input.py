#!/usr/bin/python3
"""What is wrong with a command line, a file, a configuration or the database: said precisely, with the exit status that
is documented, and the books are as they were."""
import os
import unittest

import cli

TOKEN = "154510682"

# name, words, exit status, part of the message
WORDS = [
    ("no command", [], 2, None),
    ("an unknown command", ["crad", "list"], 2, "did you mean card?"),
    ("an unknown verb", ["card", "lst"], 2, "did you mean card list?"),
    ("an unknown option", ["card", "list", "--jsno"], 2, "did you mean --json?"),
    ("a token is missing", ["card", "show"], 2, "TOKEN is missing"),
    ("a token of eight digits", ["card", "show", "15451068"], 2, "nine digits"),
    ("a card number for a token", ["card", "show", "4111111111111111"], 2, "nine digits"),
    ("a card that is not there", ["card", "show", "154519999"], 3, "there is no card 154519999"),
    ("no currency", ["card", "add", "154510690"], 2, "currency"),
    ("an unknown currency", ["card", "add", "154510690", "--currency", "ZZZ"], 2, "ISO 4217"),
    ("too precise a load", ["card", "add", "154510690", "--currency", "GBP", "--load", "1.005"], 2, "1.005"),
    ("a load below zero", ["card", "add", "154510690", "--currency", "GBP", "--load=-1"], 2, "-1"),
    ("a load over everything", ["card", "add", "154510690", "--currency", "GBP", "--load", "99999999999999.99"], 2, None),
    ("a month that is none", ["card", "add", "154510690", "--currency", "GBP", "--expiry", "2029-13"], 2, "2029-12"),
    ("a status that is none", ["card", "add", "154510690", "--currency", "GBP", "--status", "asleep"], 2, "not_active"),
    ("a card that is there", ["card", "add", TOKEN, "--currency", "GBP"], 1, "exists already"),
    ("an account that is not there", ["card", "add", "154510690", "--account", "1024000000000826"], 3, "no such account"),
    ("an internal account", ["card", "add", "154510690", "--account", "1850"], 3, "no such account"),
    ("an account of another currency", ["card", "add", "154510690", "--account", "1024826", "--currency", "EUR"], 1,
     "another currency"),
    ("a card to freeze that is not there", ["card", "freeze", "154519999"], 3, "there is no card"),
    ("a reason that is none", ["card", "block", TOKEN, "--reason", "bored"], 2, "lost, stolen, closed or issuer"),
    ("no reason", ["card", "block", TOKEN], 2, "lost, stolen, closed or issuer"),
    ("a list by a status that is none", ["card", "list", "--status", "asleep"], 2, "no such status"),
    ("an account that is no number", ["account", "show", "x"], 2, "an account's number"),
    ("an account to show that is not there", ["account", "show", "1024000000000826"], 3, "no customer account"),
    ("an account to load that is not there", ["account", "load", "1024000000000826", "1.00"], 3, "no customer account"),
    ("an internal account to load", ["account", "load", "1850", "1.00"], 3, "no customer account"),
    ("a load of nothing", ["account", "load", "1024826", "0.00"], 2, "more than nothing"),
    ("a load that is no amount", ["account", "load", "1024826", "ten"], 2, "ten"),
    ("a key that is too long", ["account", "load", "1024826", "1.00", "--id", "k" * 201], 1, "at most 200 bytes"),
    ("a statement of an account that is not there", ["account", "statement", "1024000000000826"], 3, "no customer account"),
    ("a time that is none", ["account", "statement", "1024826", "--from", "yesterday"], 2, "2026-11-25"),
    ("an --after that is none", ["account", "statement", "1024826", "--after", "x"], 2, "version"),
    ("a since that is none", ["auth", "list", "--since", "soon"], 2, "how long ago"),
    ("a message that is not there", ["auth", "show", "1"], 3, "there is no message 1"),
    ("an id that is none", ["auth", "show", "1-later"], 2, "TXn_ID"),
    ("an id over 2^63", ["auth", "show", "9223372036854775808"], 2, "TXn_ID"),
    ("a limit that is none", ["hold", "list", "--limit", "many"], 2, "from 1 to"),
    ("an anchor that is none", ["ledger", "verify", "--anchor", "/nonexistent"], 2, "neither 64 hexadecimal digits"),
    ("a file that is not there", ["card", "import", "/nonexistent.csv"], 2, "cannot be read"),
    ("a folder for a file", ["card", "import", "/"], 1, "cannot be read"),
    ("an SQL injection", ["card", "list", "--account", "1 or 1=1"], 2, "an account's number"),
]

# name, text, part of the message
FILES = [
    ("nothing", "", "must name the columns"),
    ("no header", "154510690,GBP,1\n", "stdin:1:1: no such column: 154510690"),
    ("an unknown column", "token,currency,colour\n", "stdin:1:16: no such column: colour"),
    ("a column twice", "token,currency,token\n", "stdin:1:16: the column token is there twice"),
    ("no token column", "currency,load\n", "must name the columns"),
    ("a field too few", "token,currency,load\n154510690,GBP\n", "stdin:2:1: expected 3 fields, found 2"),
    ("a field too many", "token,currency\n154510690,GBP,1\n", "expected 2 fields, found 3"),
    ("a bad amount", "token,currency,load\n154510690,GBP,1\n154510691,GBP,1.001\n", "stdin:3:15: load: "),
    ("a bad currency", "token,currency\n154510690,XXY\n", "stdin:2:11: currency: "),
    ("a bad month", "token,currency,expiry\n154510690,GBP,12/29\n", "stdin:2:15: expiry: "),
    ("a bad token", "token,currency\n4111111111111111,GBP\n", "stdin:2:1: token: "),
    ("a token twice", "token,currency\n154510690,GBP\n154510691,GBP\n154510690,GBP\n", "stdin:4 token"),
    ("a token that is there", f"token,currency\n154510690,GBP\n{TOKEN},GBP\n", "stdin:3 token"),
    ("an account that is not there", "token,account\n154510690,1024000000000826\n", "stdin:2 account"),
    ("an open quote", 'token,currency\n"154510690,GBP\n', "stdin:2:1: the quote"),
    ("not UTF-8", b"token,currency\n\xff,GBP\n", "stdin:2:1: the field is not UTF-8"),
]


class BadInput(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.system = cli.System()
        cls.account = cls.system.card(TOKEN, "--currency", "GBP", "--load", "10.00")["account"]
        assert cls.account == "1024826", "the first account of a database"

    @classmethod
    def tearDownClass(cls):
        cls.system.close()

    def books(self):
        return self.system.sql("select (select count(*) from transfer), (select count(*) from outbox), (select count(*) from card), "
                               "(select count(*) from account), (select count(*) from audit), (select sum(posted) from account)")

    def test_a_bad_command_line_is_refused_and_moves_nothing(self):
        before = self.books()
        for name, words, status, message in WORDS:
            with self.subTest(name=name):
                done = self.system.run(*words)
                self.assertEqual(done.returncode, status, done.stderr)
                if message is not None:
                    self.assertIn(message, done.stderr)
                    self.assertTrue(done.stderr.startswith("holdfast: "), done.stderr)
                    self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
                self.assertNotIn("4111111111111111", done.stderr)
                self.assertEqual(self.books(), before)

    def test_a_bad_file_is_refused_with_its_place_and_moves_nothing(self):
        before = self.books()
        for name, text, message in FILES:
            with self.subTest(name=name):
                path = os.path.join(self.system.cluster.host, "stdin")
                with open(path, "wb") as file:
                    file.write(text if isinstance(text, bytes) else text.encode())
                done = self.system.run("card", "import", path)
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertIn(message, done.stderr)
                self.assertNotIn("4111111111111111", done.stderr)
                self.assertEqual(self.books(), before)

    def test_a_bad_configuration_is_exit_2_and_says_where(self):
        path = os.path.join(self.system.cluster.host, "bad.conf")
        for text, message in (("[database]\nreeder = x\n", "reeder"), ("[database]\n", "reader"), ("nonsense\n", "bad.conf")):
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            done = self.system.run("card", "list", config=path)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(message, done.stderr)
        done = self.system.run("card", "list", config="/nonexistent/holdfast.conf")
        self.assertEqual(done.returncode, 2)
        self.assertIn("/nonexistent/holdfast.conf", done.stderr)

    def test_the_option_wins_over_the_environment(self):
        done = self.system.run("card", "list", "--config", self.system.config, config="/nonexistent")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_closed_account_takes_neither_loads_nor_cards(self):
        account = self.system.card("154510695", "--currency", "GBP")["account"]
        self.system.sql(f"update account set status = 9 where id = {account}")
        self.assertEqual(self.system.run("account", "load", account, "1.00").returncode, 1)
        self.assertEqual(self.system.run("card", "add", "154510696", "--account", account).returncode, 1)

    def test_an_account_cannot_hold_more_than_an_account_can(self):
        account = self.system.card("154510697", "--currency", "GBP", "--load", "9999999999999.99")["account"]
        done = self.system.run("account", "load", account, "0.01")
        self.assertEqual(done.returncode, 1)
        self.assertIn("more than an account can", done.stderr)


class Unreachable(unittest.TestCase):
    def test_a_database_that_is_away_is_exit_5(self):
        system = cli.System()
        self.addCleanup(system.close)
        system.cluster.stop()
        for words in (["card", "list"], ["card", "add", TOKEN, "--currency", "GBP"], ["account", "load", "1024826", "1.00"],
                      ["ledger", "verify"], ["db", "status"], ["db", "migrate"], ["hold", "list", "--json"]):
            with self.subTest(words=words):
                done = system.run(*words)
                self.assertEqual(done.returncode, 5, done.stderr)
                self.assertTrue(done.stderr.startswith("holdfast: "))

    def test_a_database_without_the_schema_says_what_to_do(self):
        system = cli.System(migrate=False)
        self.addCleanup(system.close)
        system.sql("create role holdfast_reader login; create role holdfast_operator login")
        for words in (["card", "list"], ["card", "add", TOKEN, "--currency", "GBP"]):
            done = system.run(*words)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn("holdfast db migrate", done.stderr)


if __name__ == "__main__":
    unittest.main()
