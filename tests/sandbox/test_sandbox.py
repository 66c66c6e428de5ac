"""The sandbox as a newcomer meets it, and the bench against it.

    test_sandbox.py HOLDFAST HOLDFASTD HOLDFAST-BENCH [unittest's arguments]
"""
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

HOLDFAST, HOLDFASTD, BENCH = (os.path.abspath(path) for path in sys.argv[1:4])
START_S = 90
STOP_S = 60


def processes_of(directory):
    """Ids of processes that name the directory on their command line or work in it."""
    found = []
    for name in os.listdir("/proc"):
        if not name.isdigit() or int(name) == os.getpid():
            continue
        try:
            with open(f"/proc/{name}/cmdline", "rb") as file:
                words = file.read()
            where = os.readlink(f"/proc/{name}/cwd")
        except OSError:
            continue
        if directory.encode() in words or where.startswith(directory):
            found.append(int(name))
    return found


class Sandbox:
    def __init__(self, directory, *arguments):
        self.directory = directory
        self.process = subprocess.Popen(
            [HOLDFAST, "sandbox", directory, *arguments], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, start_new_session=True)
        self.output = ""

    def wait_ready(self):
        """Reads what it prints up to its last line."""
        os.set_blocking(self.process.stdout.fileno(), False)
        deadline = time.monotonic() + START_S
        while "Ctrl-C stops everything" not in self.output:
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.process.kill()
                _, problem = self.process.communicate()
                raise AssertionError(f"not ready:\n{self.output}\n{problem}")
            try:
                self.output += os.read(self.process.stdout.fileno(), 65536).decode()
            except BlockingIOError:
                time.sleep(0.02)
        self.port = int(re.search(r"https://localhost:(\d+)/ehi", self.output).group(1))
        self.admin = re.search(r"http://localhost:\d+", self.output).group(0)
        return self

    def stop(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        _, problem = self.process.communicate(timeout=STOP_S)
        return self.process.returncode, problem

    def command(self, *arguments):
        environment = dict(os.environ, HOLDFAST_CONFIG=f"{self.directory}/holdfast.conf")
        return subprocess.run([HOLDFAST, *arguments], env=environment, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, timeout=60, check=False)

    def get(self, path):
        try:
            with urllib.request.urlopen(self.admin + path, timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as answer:
            return answer.code

    def first_authorisation(self):
        """Runs the command that was printed, as it was printed."""
        printed = self.output[self.output.index("  curl"):self.output.index("Then look")]
        return subprocess.run(["/bin/sh", "-c", printed.strip() + " --silent --show-error"],
                              stdout=subprocess.PIPE, text=True, timeout=30, check=True).stdout


class WithScratch(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.mkdtemp(prefix="hf-sandbox-", dir="/tmp")
        self.directory = os.path.join(self.scratch, "my sandbox")
        self.started = []
        self.addCleanup(self.clean_up)

    def clean_up(self):
        for sandbox in self.started:
            sandbox.stop()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def start(self, *arguments, directory=None):
        sandbox = Sandbox(directory or self.directory, "--port", "0", "--admin-port", "0", *arguments)
        self.started.append(sandbox)
        return sandbox.wait_ready()

    def refused(self, *arguments, environment=None):
        """Runs a sandbox that must not start; its exit status and what it says."""
        done = subprocess.run([HOLDFAST, "sandbox", *arguments], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, timeout=START_S, check=False,
                              env=dict(os.environ, **(environment or {})))
        return done.returncode, done.stderr


class Life(WithScratch):
    def test_first_ten_minutes_then_a_second_day(self):
        sandbox = self.start()
        self.assertEqual(sandbox.get("/readyz"), 200)
        for name in ("holdfast.conf", "tls/ca.pem", "tls/server.pem", "tls/server.key",
                     "tls/client.pem", "tls/client.key", "log/holdfastd.log", "log/postgres.log",
                     "first-authorisation.xml", "holdfast.spill", "holdfast.spill.told"):
            self.assertTrue(os.path.exists(os.path.join(self.directory, name)), name)

        reply = sandbox.first_authorisation()
        self.assertIn("<Responsestatus>00</Responsestatus>", reply)
        self.assertIn("<Acknowledgement>1</Acknowledgement>", reply)
        self.assertEqual(sandbox.first_authorisation(), reply, "a repeat gets the same answer")

        shown = sandbox.command("card", "show", "100000001", "--json")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        card = json.loads(shown.stdout)
        self.assertEqual((card["currency"], card["posted"], card["held"]), ("GBP", 10000000, 420))
        cards = json.loads(sandbox.command("card", "list", "--json", "--limit", "50").stdout)["cards"]
        self.assertEqual([each["currency"] for each in sorted(cards, key=lambda c: c["token"])],
                         ["GBP", "EUR", "JPY"] * 4)
        verified = sandbox.command("ledger", "verify")
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)

        status, problem = sandbox.stop(signal.SIGINT)
        self.assertEqual(status, 0, problem)
        self.assertEqual(processes_of(self.directory), [])

        sandbox = self.start("--cards", "30")
        card = json.loads(sandbox.command("card", "show", "100000001", "--json").stdout)
        self.assertEqual(card["held"], 420, "it carries on where it stopped")
        self.assertEqual(sandbox.command("card", "show", "100000030").returncode, 0)
        status, problem = sandbox.stop(signal.SIGTERM)
        self.assertEqual(status, 0, problem)

    def test_killed_it_leaves_no_process_and_the_next_start_recovers(self):
        sandbox = self.start()
        sandbox.first_authorisation()
        sandbox.process.send_signal(signal.SIGKILL)
        sandbox.process.communicate(timeout=STOP_S)
        deadline = time.monotonic() + STOP_S
        while processes_of(self.directory) and time.monotonic() < deadline:
            time.sleep(0.05)
        self.assertEqual(processes_of(self.directory), [])

        # What a power cut leaves: a pid file whose number is somebody else's by now.
        with open(os.path.join(self.directory, "postgres/data/postmaster.pid"), "w",
                  encoding="utf-8") as file:
            file.write(f"{os.getpid()}\n{self.directory}/postgres/data\n0\n5432\n")
        sandbox = self.start()
        card = json.loads(sandbox.command("card", "show", "100000001", "--json").stdout)
        self.assertEqual(card["held"], 420)
        self.assertEqual(sandbox.command("ledger", "verify").returncode, 0)

    def test_a_path_too_long_for_a_socket_below_a_directory_of_root_alone(self):
        closed = os.path.join(self.scratch, "only-mine")
        os.mkdir(closed, 0o700)
        directory = os.path.join(closed, "deep" * 30)
        sandbox = self.start(directory=directory)
        link = os.path.join(directory, "postgres/socket")
        short = os.readlink(link)
        self.assertLess(len(short), 90)
        self.assertIn("00", sandbox.first_authorisation())
        self.assertEqual(sandbox.stop()[0], 0)
        self.assertFalse(os.path.exists(short), "the short directory goes with it")


class Refusals(WithScratch):
    def test_a_directory_of_other_things(self):
        os.mkdir(self.directory)
        with open(os.path.join(self.directory, "letter"), "w", encoding="utf-8"):
            pass
        status, problem = self.refused(self.directory)
        self.assertEqual(status, 1)
        self.assertIn("not a sandbox", problem)
        self.assertEqual(os.listdir(self.directory), ["letter"])

    def test_a_port_that_is_taken(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            status, problem = self.refused(self.directory, "--port", port, "--admin-port", "0")
            self.assertEqual(status, 1)
            self.assertIn(port, problem)
            self.assertIn("choose another with --port", problem)

    def test_no_postgresql(self):
        status, problem = self.refused(self.directory, "--port", "0", "--admin-port", "0",
                                       environment={"HOLDFAST_PG_BINDIR": "/nonexistent"})
        self.assertEqual(status, 1)
        self.assertIn("/nonexistent has no initdb", problem)

    def test_wrong_options(self):
        for arguments, said in ((["--port", "x"], "--port"), (["--cards", "0"], "--cards"),
                                (["--nonsense"], "nonsense"), (["a", "b"], "")):
            status, problem = self.refused(*arguments)
            self.assertEqual(status, 2, arguments)
            self.assertIn(said, problem)

    def test_a_wrong_setting_is_named_and_does_not_stay(self):
        for setting in ("lanes.cuont=2", "lanes.count=many", "nonsense"):
            status, problem = self.refused(self.directory, "--port", "0", "--admin-port", "0",
                                           "--set", setting)
            self.assertEqual(status, 2, problem)
            self.assertIn("--set", problem)
        sandbox = self.start("--set", "lanes.count=1")
        with open(os.path.join(self.directory, "holdfast.conf"), encoding="utf-8") as file:
            self.assertIn("[lanes]\ncount = 1\n", file.read())
        status, problem = self.refused(self.directory)
        self.assertEqual(status, 1)
        self.assertIn("is running", problem)
        self.assertEqual(sandbox.get("/readyz"), 200)


class Bench(WithScratch):
    def run_bench(self, *arguments):
        return subprocess.run([BENCH, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True, timeout=120, check=False)

    def test_a_day_is_answered_as_expected_and_a_wrong_expectation_is_found(self):
        # A stall of the machine, or a sanitizer's pace, is not what this is about.
        sandbox = self.start("--cards", "24", "--set", "authorisation.budget_ms=1000")
        file = os.path.join(self.scratch, "day.jsonl")
        self.assertEqual(self.run_bench("generate", "--seed", "3", "--messages", "500", "--cards",
                                        "12", file).returncode, 0)
        result, shape = (os.path.join(self.scratch, name) for name in ("result.json", "x.hgrm"))
        done = self.run_bench("replay", file, "--sandbox", self.directory, "--asap", "--json",
                              result, "--hgrm", shape)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        with open(result, encoding="utf-8") as text:
            figures = json.load(text)
        self.assertEqual((figures["different"], figures["failed"]), (0, 0))
        self.assertGreater(figures["approved"], 100)
        self.assertIn("Latency", done.stdout)
        with open(shape, encoding="utf-8") as text:
            self.assertIn("#[Mean", text.read())

        with open(file, encoding="utf-8") as text:
            lines = text.readlines()
        wrong = next(i for i, line in enumerate(lines) if '"response":"58"' in line)
        lines[wrong] = lines[wrong].replace('"response":"58"', '"response":"00"')
        with open(file, "w", encoding="utf-8") as text:
            text.writelines(lines)
        done = self.run_bench("replay", file, "--sandbox", self.directory, "--asap",
                              "--token-shift", "12")
        self.assertEqual(done.returncode, 4, done.stdout + done.stderr)
        self.assertIn("1 replies differ", done.stderr)
        self.assertIn("expected 00/1, got 58/1", done.stderr)
        self.assertEqual(sandbox.command("ledger", "verify").returncode, 0)

    def test_load_measures_and_a_host_that_is_not_there_is_said(self):
        self.start()
        for handshake in ([], ["--handshake"], ["--resume"]):
            done = self.run_bench("load", "--sandbox", self.directory, "--connections", "2",
                                  "--count", "40", "--json", "-", "--quiet", *handshake)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            figures = json.loads(done.stdout)
            self.assertEqual((figures["messages"], figures["failed"]), (40, 0), handshake)
        with socket.create_server(("127.0.0.1", 0)) as nobody:
            port = nobody.getsockname()[1]
        tls = os.path.join(self.directory, "tls")
        done = self.run_bench("load", "--url", f"https://127.0.0.1:{port}/ehi", "--ca",
                              f"{tls}/ca.pem", "--cert", f"{tls}/client.pem", "--key",
                              f"{tls}/client.key")
        self.assertEqual(done.returncode, 5)
        self.assertIn(f"nothing listens on 127.0.0.1:{port}", done.stderr)

    def test_a_certificate_of_somebody_else_is_not_accepted(self):
        sandbox = self.start()
        other = os.path.join(self.scratch, "other")
        self.start(directory=other)
        done = self.run_bench("load", "--url", f"https://localhost:{sandbox.port}/ehi", "--ca",
                              f"{self.directory}/tls/ca.pem", "--cert", f"{other}/tls/client.pem",
                              "--key", f"{other}/tls/client.key", "--count", "1")
        self.assertNotEqual(done.returncode, 0)
        done = self.run_bench("load", "--url", f"https://localhost:{sandbox.port}/ehi", "--ca",
                              f"{other}/tls/ca.pem", "--cert", f"{self.directory}/tls/client.pem",
                              "--key", f"{self.directory}/tls/client.key", "--count", "1")
        self.assertNotEqual(done.returncode, 0)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[4:], verbosity=2)
