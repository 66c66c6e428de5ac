"""A private PostgreSQL cluster with the schema, for tests that need a whole holdfast.

Durable settings stay on: a ledger without fsync proves nothing. When run as root, PostgreSQL runs as
`postgres`. Everything is under the home that the test gives and removes.
"""
import glob
import json
import os
import pwd
import signal
import subprocess
import tempfile
import time

from daemon import CONFIGURATION
from sql import Psql

EXPONENTS = {"GBP": 2, "EUR": 2, "USD": 2, "JPY": 0, "KWD": 3}

SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{socket}'
fsync = on
full_page_writes = on
synchronous_commit = on
max_connections = 60
shared_buffers = 128MB
jit = off
autovacuum_naptime = 10s
log_min_messages = warning
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""


def binaries():
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
    return os.path.dirname(found[-1]) if found else os.path.dirname(
        subprocess.run(["which", "initdb"], check=True, capture_output=True, text=True).stdout.strip())


class Sandpit:
    def __init__(self, home, build):
        self.home, self.build, self.bin = home, build, binaries()
        self.data = home + "/postgres"
        self.socket = tempfile.mkdtemp(prefix="holdfast-pg-")  # a socket's path may not be long
        self.config = home + "/cli.conf"
        self.process, self.questions = None, None
        os.makedirs(self.data)
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            for path in (self.data, self.socket):
                os.chown(path, user.pw_uid, user.pw_gid)
        else:
            os.chmod(self.socket, 0o700)
        self.run("initdb", "-D", self.data, "-U", "holdfast_admin", "-A", "trust", "-k", "-E", "UTF8",
                 "--locale=C.UTF-8", "-N")
        with open(self.data + "/postgresql.auto.conf", "a") as file:
            file.write(SETTINGS.format(socket=self.socket))
        self.start()
        subprocess.run([self.bin + "/createdb", "-h", self.socket, "-U", "holdfast_admin", "holdfast"], check=True)
        with open(self.config, "w") as file:
            file.write(CONFIGURATION.format(tls=home + "/tls", **{
                role: self.conninfo(role) for role in ("writer", "operator", "reader", "admin")}))
        self.holdfast("db", "migrate")
        self.questions = Psql(self.conninfo("reader"))

    def as_user(self, program):
        if os.geteuid() == 0:
            return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", self.bin + "/" + program]
        return [self.bin + "/" + program]

    def run(self, program, *arguments):
        done = subprocess.run(self.as_user(program) + list(arguments), capture_output=True, text=True, cwd="/")
        if done.returncode != 0:
            raise RuntimeError("%s: %s" % (program, done.stderr))

    def start(self):
        with open(self.home + "/postgres.log", "ab") as log:
            self.process = subprocess.Popen(self.as_user("postgres") + ["-D", self.data], stdout=log, stderr=log,
                                            cwd="/", start_new_session=True)
        for _ in range(600):
            ready = subprocess.run([self.bin + "/pg_isready", "-q", "-h", self.socket, "-d", "postgres"])
            if ready.returncode == 0:
                return
            time.sleep(0.05)
        raise RuntimeError("PostgreSQL does not start; see %s/postgres.log" % self.home)

    def stop(self, how=signal.SIGINT):
        """SIGINT: fast shutdown; SIGQUIT: as in a crash."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait()

    def close(self):
        if self.questions is not None:
            self.questions.close()
        self.stop(signal.SIGQUIT)
        for path in glob.glob(self.socket + "/.s.*"):
            os.unlink(path)
        os.rmdir(self.socket)

    def conninfo(self, role):
        return "host=%s dbname=holdfast user=holdfast_%s" % (self.socket, role)

    def holdfast(self, *arguments):
        """Runs the operator's command; returns its standard output."""
        done = subprocess.run([self.build + "/src/holdfast"] + list(arguments), capture_output=True, text=True,
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
        done = subprocess.run([self.build + "/src/holdfast", "ledger", "verify", "--json"], capture_output=True,
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
