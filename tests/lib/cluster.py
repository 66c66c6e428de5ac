#!/usr/bin/python3
"""A PostgreSQL cluster of one's own, for tests: durable settings, a Unix socket in a short temporary folder,
gone when its owner is gone.

    cluster.py run COMMAND [ARGUMENT...]   runs COMMAND with PGHOST, PGUSER, PGDATABASE and HOLDFAST_TEST_HOST set
    cluster.py serve                       prints the socket's folder, stops at the end of standard input

From Python: `with Cluster() as cluster: cluster.conninfo("holdfast_writer", "postgres")`.

PostgreSQL refuses to run as root, so root runs it as postgres (else nobody). The superuser is holdfast_admin.
"""
import ctypes
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time

BIN_FOLDERS = ["/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/17/bin", "/usr/bin"]
SETTINGS = {
    "listen_addresses": "",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "max_connections": "120",
    "shared_buffers": "64MB",
    "max_wal_size": "512MB",
    "checkpoint_timeout": "15min",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "timezone": "UTC",
    "logging_collector": "off",
}
START_SECONDS = 60


def bin_folder():
    for folder in BIN_FOLDERS:
        if os.path.exists(os.path.join(folder, "initdb")):
            return folder
    sys.exit("cluster: initdb not found; install postgresql-15")


def identity():
    """Arguments of subprocess that change to an unprivileged user; nothing when we are one."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        except KeyError:
            continue
    sys.exit("cluster: neither user postgres nor nobody exists")


def die_with_parent():
    """Runs in the child, after it changed its user: an immediate shutdown when we are killed."""
    ctypes.CDLL("libc.so.6", use_errno=True).prctl(1, signal.SIGQUIT)  # PR_SET_PDEATHSIG


class Cluster:
    def __init__(self, settings=None):
        self.bin = bin_folder()
        self.identity = identity()
        self.host = tempfile.mkdtemp(prefix="hfpg-", dir="/tmp")  # a socket's path has at most 107 bytes
        self.data = os.path.join(self.host, "data")
        self.settings = {**SETTINGS, **(settings or {}), "unix_socket_directories": self.host}
        self.process = None
        if self.identity:
            os.chown(self.host, self.identity["user"], self.identity["group"])
            os.chmod(self.host, 0o711)
        try:
            subprocess.run([f"{self.bin}/initdb", "-D", self.data, "-U", "holdfast_admin", "-A", "trust", "-E", "UTF8",
                            "--locale=C.UTF-8", "--no-sync"], check=True, stdout=subprocess.DEVNULL, cwd="/",
                           **self.identity)
            self.start()
        except BaseException:
            self.close()
            raise

    def start(self):
        arguments = [f"{self.bin}/postgres", "-D", self.data]
        for name, value in self.settings.items():
            arguments += ["-c", f"{name}={value}"]
        with open(os.path.join(self.host, "log"), "ab") as log:
            self.process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
                                            preexec_fn=die_with_parent, start_new_session=True, **self.identity)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            ready = subprocess.run([f"{self.bin}/pg_isready", "-q", "-h", self.host], check=False)
            if ready.returncode == 0:
                return
            time.sleep(0.05)
        raise RuntimeError("postgres did not start:\n" + self.log())

    def log(self):
        return pathlib.Path(self.host, "log").read_text(encoding="utf-8", errors="replace")

    def stop(self, how=signal.SIGINT):
        """SIGINT: fast, SIGQUIT: as if the power had failed."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(timeout=START_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None

    def close(self):
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.host, ignore_errors=True)

    def conninfo(self, user="holdfast_admin", database="postgres"):
        return f"host={self.host} user={user} dbname={database}"

    def psql(self, sql, user="holdfast_admin", database="postgres", check=True):
        """Standard output of psql, unaligned."""
        done = subprocess.run([f"{self.bin}/psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d",
                               self.conninfo(user, database), "-c", sql], check=check, text=True,
                              stdout=subprocess.PIPE)
        return done.stdout.strip()

    def environment(self):
        return {**os.environ, "PGHOST": self.host, "PGUSER": "holdfast_admin", "PGDATABASE": "postgres",
                "HOLDFAST_TEST_HOST": self.host}

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()


def run(command):
    with Cluster() as cluster:
        return subprocess.run(command, env=cluster.environment(), check=False).returncode


def serve():
    with Cluster() as cluster:
        print(cluster.host, flush=True)
        sys.stdin.read()
    return 0


def interrupted(*unused):
    sys.exit(1)  # through the context manager


def main():
    signal.signal(signal.SIGTERM, interrupted)
    if len(sys.argv) > 2 and sys.argv[1] == "run":
        sys.exit(run(sys.argv[2:]))
    if sys.argv[1:] == ["serve"]:
        sys.exit(serve())
    sys.exit(__doc__)


if __name__ == "__main__":
    main()
