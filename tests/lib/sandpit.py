"""A private PostgreSQL cluster with the schema and the programs beside it, for tests of a whole holdfast."""
import json
import os
import subprocess

from cluster import Cluster
from daemon import CONFIGURATION
from sql import Psql

EXPONENTS = {"GBP": 2, "EUR": 2, "USD": 2, "JPY": 0, "KWD": 3}


class Sandpit:
    """home: a folder that the test makes and removes; build: the folder of the programs."""

    def __init__(self, home, build):
        self.home, self.build = home, build
        self.config = home + "/cli.conf"
        self.cluster, self.questions = Cluster(), None
        for name in ("ca.pem", "server.pem", "server.key"):  # named in the configuration; the CLI needs none
            os.makedirs(home + "/tls", exist_ok=True)
            open(home + "/tls/" + name, "a").close()
        with open(self.config, "w") as file:
            file.write(CONFIGURATION.format(tls=home + "/tls", **{
                role: self.conninfo(role) for role in ("writer", "operator", "reader", "admin")}))
        self.holdfast("db", "migrate")
        self.questions = Psql(self.conninfo("reader"))

    def close(self):
        if self.questions is not None:
            self.questions.close()
        self.cluster.close()

    def conninfo(self, role):
        return self.cluster.conninfo("holdfast_" + role)

    def holdfast(self, *arguments):
        """Runs the operator's command; returns its standard output."""
        done = subprocess.run([self.build + "/holdfast"] + list(arguments), capture_output=True, text=True,
                              env=dict(os.environ, HOLDFAST_CONFIG=self.config))
        if done.returncode != 0:
            raise RuntimeError("holdfast %s: %d: %s%s" % (" ".join(arguments), done.returncode, done.stdout,
                                                          done.stderr))
        return done.stdout

    def query(self, sql):
        return self.questions.query(sql)

    def ask_anew(self):
        """Connects again, after PostgreSQL was away."""
        self.questions.close()
        self.questions = Psql(self.conninfo("reader"))

    def backends(self):
        """Process ids of the daemon's sessions."""
        return [int(row[0]) for row in
                self.query("select pid from pg_stat_activity where usename = 'holdfast_writer'")]

    def balances(self, token, currency):
        """(held, posted, available) as decimal text."""
        rows = self.query("select a.held, a.posted, a.posted - a.held + a.overdraft from card c "
                          "join account a on a.id = c.account_id where c.token = %d" % token)
        digits = EXPONENTS[currency]
        return tuple("%d" % int(value) if digits == 0 else "%.*f" % (digits, int(value) / 10**digits)
                     for value in rows[0])

    def verify(self):
        """What the ledger's own checks find: a list of texts, empty when all is well."""
        done = subprocess.run([self.build + "/holdfast", "ledger", "verify", "--json"], capture_output=True,
                              text=True, env=dict(os.environ, HOLDFAST_CONFIG=self.config))
        try:
            checks = json.loads(done.stdout)["checks"]
        except (ValueError, KeyError):
            return ["ledger verify: %d: %s%s" % (done.returncode, done.stdout, done.stderr)]
        found = ["ledger verify: %s: %s violations, first %s" % (check["name"], check["violations"], check["first"])
                 for check in checks if check["violations"]]
        if done.returncode != 0 and not found:
            found.append("ledger verify: exit status %d" % done.returncode)
        return found
