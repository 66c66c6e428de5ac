#!/usr/bin/python3
"""`holdfast ledger verify` names whatever is done to the books, by somebody who may do everything: a superuser who has
taken constraints and triggers away, plants one violation, and puts the triggers back."""
import json
import subprocess
import unittest

import cli

TOKEN, ACCOUNT, YEN = "154510682", 1024826, 1025416  # the first two accounts of a database

NO_CONSTRAINTS = """
do $$
declare c record;
begin
    for c in select case when contypid <> 0 then 'domain ' || contypid::regtype else 'table ' || conrelid::regclass end as what,
                    conname from pg_constraint
             where connamespace = 'public'::regnamespace and coninhcount = 0 and contype in ('f', 'c', 'u', 'p')
             order by contype = 'f' desc
    loop
        execute format('alter %s drop constraint %I cascade', c.what, c.conname);
    end loop;
end $$"""
TRIGGERS = """
do $$
declare t record;
begin
    for t in select tgrelid::regclass as relation, tgname from pg_trigger t join pg_class c on c.oid = tgrelid
             where c.relnamespace = 'public'::regnamespace and not tgisinternal
    loop
        execute format('alter table %s {what} trigger %I', t.relation, t.tgname);
    end loop;
end $$"""


def row(version, change):
    return f"update transfer set {change} where account_id = {ACCOUNT} and account_version = {version}"


# check, what is done. The account's rows: 1 load 10.00; 2 hold 2.00; 3 hold 3.00; 4 that one voided; 5 release of 0.50.
PLANTS = [
    ("amount_positive", row(1, "amount = -amount")),
    ("sides_differ", row(1, "debit = credit")),
    ("one_currency", row(1, "currency = 978")),
    ("accounts_exist", row(1, "debit = 2 << 10 | 826")),
    ("trial_balance", row(1, "debit = 1 << 10 | 978")),
    ("one_customer", row(1, f"debit = {YEN}")),
    ("account_is_a_side", row(1, "credit = 11 << 10 | 826")),
    ("history_guarded", "alter table transfer disable trigger transfer_never_changes"),
    ("history_guarded", "drop trigger anchor_is_never_truncated on anchor"),
    ("history_guarded", "drop trigger message_never_changes on message"),
    ("posted_sum", f"update account set posted = posted + 1 where id = {ACCOUNT}"),
    ("held_sum", f"update account set held = held + 1 where id = {ACCOUNT}"),
    ("hold_remaining", "update hold set amount = amount + 1 where state = 1"),
    ("hold_remaining", "insert into hold (account_id, txn_id, generation, payment, token, amount, opened_at, expires_at) "
                       "values (999999 << 10 | 826, 8, 1, 8, 1, 5, now(), now())"),  # of nobody
    ("holds_follow_from_set", "update hold set amount = amount + 1 where state = 1"),
    ("holds_follow_from_set", "delete from entry where txn_id = (select txn_id from hold where state = 1 limit 1)"),
    ("running_balance", row(1, "posted_after = posted_after + 1")),
    ("running_balance", row(3, "held_after = held_after - 1")),
    ("version_dense", row(5, "account_version = 7")),
    ("version_dense", f"delete from transfer where account_id = {ACCOUNT} and account_version = 1"),
    ("account_is_last_row", f"update account set version = version + 1 where id = {ACCOUNT}"),
    ("account_is_last_row", f"delete from transfer where account_id = {ACCOUNT}"),
    ("authorisation_covered", row(2, "posted_after = 199")),
    ("below_zero", row(2, "posted_after = 199, code = 15")),
    ("hold_within_amount", "update hold set released = amount + 1 where state = 1"),
    ("hold_state", "update hold set state = 3 where state = 1"),
    ("hold_closed", "update hold set closed_at = opened_at - interval '1 hour' where state = 5"),
    ("pending_has_hold", "delete from hold where state = 1"),
    ("pending_counter", row(2, "layer = 0")),
    ("pending_counter", row(1, "layer = 1")),
    ("message_once", "insert into message select * from message where txn_id = 700000000001"),
    ("message_refused", "insert into message_refused (txn_id, role, at, facts, fields) "
                        "select txn_id, role, at, facts, fields from message where txn_id = 700000000001"),
    ("reversal_within", f"update transfer r set amount = 201, reverses = o.id from transfer o where r.account_id = {ACCOUNT} "
                        f"and r.account_version = 4 and o.account_id = {ACCOUNT} and o.account_version = 2"),
    ("reversal_mirrors", f"update transfer r set reverses = o.id from transfer o where r.account_id = {ACCOUNT} "
                         f"and r.account_version = 3 and o.account_id = {ACCOUNT} and o.account_version = 2"),
    ("chain_linked", "update chain set prev = sha256('x') where batch = 2"),
    ("chain_linked", "delete from chain where batch = 1"),
    ("chain_linked", "delete from chain where batch = 0"),
    ("chain_counts", "update chain set n = n + 1 where batch = 1"),
    ("chain_counts", "delete from chain where batch = 2"),
    ("chain_hash", row(1, "at = at + interval '1 microsecond'")),
    ("anchor_heads", "update anchor set hashes[1] = sha256('x')"),
    ("anchor_root", "update anchor set root = sha256('x')"),
    ("anchor_root", "update anchor set lanes = lanes || lanes, batches = batches || batches, hashes = hashes || hashes"),
    ("journal_has_event", f"delete from outbox where account_id = {ACCOUNT} and event_version = 2"),
    ("event_dense", f"delete from outbox where account_id = {ACCOUNT} and event_version = 3"),
    ("event_dense", f"delete from outbox o using account a where o.account_id = a.id and a.id = {ACCOUNT} "
                    "and o.event_version = a.event_version"),
    ("event_dense", f"update outbox set seq = 0 where account_id = {ACCOUNT} and event_version = 3"),
    ("internal_empty", "update account set posted = 5 where id = 1850"),
    ("time_forward", row(5, "at = at - interval '1 hour'")),
    ("account_identity", f"update account set kind = 2 where id = {ACCOUNT}"),
    ("closed_is_empty", f"update account set status = 9 where id = {ACCOUNT}"),
    ("grants", "grant update on transfer to holdfast_writer"),
    ("grants", "grant delete on audit to holdfast_operator"),
    ("catalogue_valid", "alter table card add constraint planted check (token > 0) not valid"),
    ("durable", "alter role holdfast_reader set synchronous_commit = off"),
    ("entry_dense", "update entry set n = 9 where n = 2"),
    ("entry_has_message", "delete from message where txn_id = 700000000004"),
    ("entry_has_message", "update message set payment = 1 where txn_id = 700000000004"),
    ("holds_follow_from_set", "update hold set payment = 1 where state = 1"),
    ("holds_follow_from_set", "delete from entry where txn_id = 700000000004"),
    ("holds_follow_from_set", "update message set facts = (select facts from message where txn_id = 700000000002) "
                              "where txn_id = 700000000001"),
]

# Each column of a sealed batch, changed so that nothing else need notice.
SEALED = {
    "id": "id + 1", "journal_id": "journal_id + 1", "layer": "1 - layer", "debit": "debit + 1024", "credit": "credit + 1024",
    "amount": "amount + 1", "currency": "currency + 1", "code": "code + 1", "account_version": "account_version + 100",
    "hold_txn_id": "hold_txn_id + 1", "hold_generation": "hold_generation + 1", "reverses": "7",
    "posted_after": "posted_after + 1", "held_after": "held_after + 1", "overdraft_at": "overdraft_at + 1",
    "at": "at + interval '1 microsecond'", "business_date": "business_date + 1", "lane": "lane + 1", "batch": "batch + 1",
}


class Verify(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.system = cli.System(migrate=False)
        with open(cls.system.config, encoding="utf-8") as file:
            cls.plain = file.read()
        cls.system.sql("create database base")
        cls.use("base")
        cls.system.good("db", "migrate")
        account = cls.system.card(TOKEN, "--currency", "GBP", "--load", "10.00")["account"]
        assert int(account) == ACCOUNT, account
        assert int(cls.system.card("154510683", "--currency", "JPY", "--load", "5000")["account"]) == YEN
        cls.root = cls.system.plant(TOKEN, "base")
        cls.system.sql("create database planted")
        cls.system.sql("create database unguarded template base")
        cls.system.cluster.psql(NO_CONSTRAINTS + "; " + TRIGGERS.replace("{what}", "disable"), database="unguarded")

    @classmethod
    def use(cls, database):
        with open(cls.system.config, "w", encoding="utf-8") as file:
            file.write(cls.plain.replace("dbname=postgres", f"dbname={database}"))
        cls.database = database

    @classmethod
    def tearDownClass(cls):
        cls.system.close()

    def tearDown(self):
        self.system.sql("alter role holdfast_reader reset all")

    def plant(self, *statements):
        """A copy of the books with these violations and sound triggers, but no constraints."""
        self.system.sql("drop database if exists planted")
        self.system.sql("create database planted template unguarded")
        self.use("planted")
        # What concerns the triggers themselves comes last.
        ordered = sorted(statements, key=lambda statement: "trigger" in statement)
        last = [statement for statement in ordered if "trigger" in statement]
        self.system.cluster.psql("; ".join(ordered[:len(ordered) - len(last)] + [TRIGGERS.replace("{what}", "enable always")]
                                           + last), database="planted")

    def verify(self, *arguments):
        done = self.system.run("ledger", "verify", "--json", *arguments)
        self.assertIn(done.returncode, (0, 4), done.stderr)
        found = json.loads(done.stdout)
        violated = {check["name"]: check for check in found["checks"] if check["violations"] > 0}
        self.assertEqual(found["ok"], not violated)
        self.assertEqual(done.returncode, 4 if violated else 0)
        return violated

    def test_books_without_constraints_are_still_sound(self):
        self.plant()
        self.assertEqual(self.verify("--anchor", self.root), {})

    def test_each_planted_violation_is_named(self):
        for check, statement in PLANTS:
            with self.subTest(check=check, statement=statement):
                self.plant(statement)
                violated = self.verify()
                self.assertIn(check, violated, f"found only {sorted(violated)}")
                self.assertTrue(violated[check]["first"])
                self.assertGreater(violated[check]["violations"], 0)
                self.system.sql("alter role holdfast_reader reset all")

    def test_every_check_has_a_plant(self):
        self.use("base")
        names = {check["name"] for check in self.system.json("ledger", "verify")["checks"]}
        self.assertEqual({check for check, _ in PLANTS}, names)

    def test_every_check_is_in_the_table_for_people_and_the_answer_says_violated(self):
        self.plant(f"update account set posted = posted + 1 where id = {ACCOUNT}")
        done = self.system.run("ledger", "verify")
        self.assertEqual(done.returncode, 4)
        self.assertRegex(done.stdout, rf"posted_sum +\d+ +1  {ACCOUNT}\n")
        self.assertIn("VIOLATED\nposted_sum: a customer's posted balance is the sum of its posted layer\n", done.stdout)

    # --- the chain ---

    def test_the_seal_covers_every_column_of_a_transfer(self):
        columns = set(self.system.cluster.psql("select string_agg(attname, ' ') from pg_attribute where attrelid = "
                                               "'transfer'::regclass and attnum > 0 and not attisdropped",
                                               database="base").split())
        self.assertEqual(columns - set(SEALED), {"account_id"})  # tried below
        for column, value in SEALED.items():
            with self.subTest(column=column):
                self.plant(row(2, f"{column} = {value}"))
                self.assertIn("chain_hash", self.verify())

    def test_the_seal_covers_the_account_the_message_and_the_batch(self):
        for statement in (row(2, f"account_id = {YEN}, account_version = 77"),
                          "update message set facts = facts || '\\x00' where txn_id = 700000000001 and role = 1",
                          "delete from message where txn_id = 700000000001 and role = 1",
                          "update chain set at = at + interval '1 second' where batch = 1",
                          "update chain set hash = sha256('x') where batch = 1",
                          "update chain set n = 2 where batch = 1"):
            with self.subTest(statement=statement):
                self.plant(statement)
                self.assertIn("chain_hash", self.verify())

    def test_a_history_that_was_cut_is_found_by_its_anchor(self):
        self.plant("delete from transfer where batch = (select max(batch) from chain)",
                   "delete from chain where batch = (select max(batch) from chain)")
        self.assertIn("anchor_heads", self.verify())

    def test_a_history_that_was_cut_with_its_anchors_is_found_by_a_root_kept_elsewhere(self):
        self.plant("delete from transfer where batch = (select max(batch) from chain)",
                   "delete from chain where batch = (select max(batch) from chain)",
                   "delete from anchor where id = (select max(id) from anchor)")
        violated = self.verify()
        self.assertNotIn("anchor_heads", violated)
        self.assertNotIn("chain_linked", violated)
        self.assertNotIn("chain_hash", violated)
        self.assertEqual(self.verify("--anchor", self.root)["anchor_given"]["first"], self.root)

    def test_an_anchor_that_was_forged_does_not_pass_for_a_root_kept_elsewhere(self):
        self.plant(f"update anchor set root = decode('{self.root}', 'hex'), lanes = '{{}}', batches = '{{}}', hashes = '{{}}'")
        self.assertIn("anchor_given", self.verify("--anchor", self.root))

    def test_a_root_is_found_in_the_daemons_log(self):
        self.use("base")
        path = self.system.cluster.host + "/log.txt"
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"ts=2026-11-25T03:14:12Z level=info event=anchored root={self.root} chains=1\nother=line\n")
        self.assertEqual(self.verify("--anchor", path), {})
        with open(path, "a", encoding="utf-8") as file:
            file.write(f"event=anchored root={'ab' * 32}\n")
        self.assertEqual(self.verify("--anchor", path)["anchor_given"]["first"], "ab" * 32)

    def test_the_reader_cannot_write(self):
        self.use("base")
        for statement in ("update account set status = 2", "delete from card", "insert into lane default values"):
            with self.subTest(statement=statement), self.assertRaises(subprocess.CalledProcessError):
                self.system.cluster.psql(statement, user="holdfast_reader", database="base")


if __name__ == "__main__":
    unittest.main()
