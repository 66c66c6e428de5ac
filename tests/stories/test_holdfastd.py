#!/usr/bin/python3
"""The daemon as a program: its arguments, its errors, its signals, its admin pages.

    test_holdfastd.py BUILD
"""
import http.client
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

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))

import ehi  # noqa: E402
from cards import Cards  # noqa: E402
from daemon import Daemon, make_tls  # noqa: E402
from sandpit import Sandpit  # noqa: E402

BUILD = ""


class Holdfastd(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.home = tempfile.mkdtemp(prefix="holdfast-daemon-")
        cls.pit = Sandpit(cls.home, BUILD)
        cards = Cards()
        cls.card = cards.plan("GBP", "1000.00")
        cards.add(cls.pit)
        cls.daemon = Daemon(cls.home, BUILD, cls.pit.conninfo)
        cls.numbers = iter(range(2 * 10**9, 3 * 10**9))

    @classmethod
    def tearDownClass(cls):
        cls.pit.close()
        shutil.rmtree(cls.home, ignore_errors=True)

    def setUp(self):
        self.daemon.settings = []

    def tearDown(self):
        if self.daemon.process is not None and self.daemon.process.poll() is None:
            self.daemon.kill()

    def run_daemon(self, *arguments, timeout=20):
        return subprocess.run([BUILD + "/holdfastd"] + list(arguments), capture_output=True, text=True,
                              timeout=timeout, env={**os.environ, "HOLDFAST_CONFIG": ""})

    def refused(self, *arguments):
        """Runs it; it must end with 2; returns what it said."""
        done = self.run_daemon(*arguments)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertNotIn("Assertion", done.stderr)
        return done.stderr

    def authorise(self):
        client = ehi.Client(self.daemon.port, self.daemon.tls)
        try:
            return str(client.send(ehi.authorisation(next(self.numbers), self.card, "-1.00", "GBP")))
        finally:
            client.close()

    # --- arguments and configuration ---

    def test_help_and_version_go_to_standard_output(self):
        self.assertIn("usage: holdfastd -c FILE", self.run_daemon("--help").stdout)
        self.assertRegex(self.run_daemon("--version").stdout, r"^holdfastd \d+\.\d+")

    def test_checks_a_good_configuration_and_exits(self):
        done = self.run_daemon("-c", self.daemon.config, "-t")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_wrong_usage_ends_with_2(self):
        for arguments in ((), ("--nonsense",), ("-c", self.daemon.config, "surplus"), ("-c",)):
            self.refused(*arguments)

    def test_a_configuration_error_names_file_line_key_and_remedy(self):
        path = self.home + "/wrong.conf"
        shutil.copy(self.daemon.config, path)
        with open(path, "a") as file:
            file.write("[lanes]\ncount = many\n")
        with open(path) as file:
            lines = file.read().count("\n")
        text = self.refused("-c", path, "-t")
        self.assertIn("wrong.conf:%d" % lines, text)
        self.assertIn("lanes.count", text)

    def test_a_missing_setting_names_the_key_and_the_remedy(self):
        text = self.refused("-c", self.daemon.config, "-t", "--set", "database.writer=")
        self.assertIn("database.writer", text)
        self.assertIn("writer role", text)

    def test_a_connection_string_that_cannot_be_read_is_named_and_not_quoted(self):
        for role in ("writer", "operator", "reader", "admin"):
            text = self.refused("-c", self.daemon.config, "-t", "--set", "database.%s=secret=hunter2" % role)
            self.assertIn("database." + role, text)
            self.assertNotIn("hunter2", text)

    def test_a_key_of_another_certificate_is_refused_before_anything_starts(self):
        text = self.refused("-c", self.daemon.config, "-t", "--set", "tls.key=" + self.daemon.tls + "/client.key")
        self.assertIn("do not match", text)

    def test_a_missing_file_is_named(self):
        self.assertIn("/nowhere/holdfast.conf", self.refused("-c", "/nowhere/holdfast.conf"))

    def test_a_database_without_the_schema_says_what_to_do(self):
        self.pit.cluster.psql("create database bare")
        writer = self.pit.cluster.conninfo("holdfast_writer", "bare")
        text = self.refused("-c", self.daemon.config, "--set", "database.writer=" + writer)
        self.assertIn("db migrate", text)

    def test_a_port_that_is_taken_is_named(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            for key in ("listen.port", "admin.port"):
                text = self.refused("-c", self.daemon.config, "--set", "%s=%d" % (key, port))
                self.assertIn(str(port), text)

    # --- the admin pages ---

    def page(self, path, method="GET", headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.daemon.admin_port, timeout=5)
        connection.request(method, path, headers=headers or {})
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response, text

    def test_admin_pages(self):
        self.daemon.start()
        self.assertTrue(self.daemon.wait_ready())
        self.assertEqual(self.authorise(), "00/1")
        response, text = self.page("/livez")
        self.assertEqual((response.status, text), (200, "ok\n"))
        response, text = self.page("/readyz")
        self.assertEqual((response.status, text), (200, '{"ready":true}\n'))
        self.assertEqual(response.getheader("Content-Type"), "application/json")
        response, text = self.page("/metrics")
        self.assertTrue(response.getheader("Content-Type").startswith("text/plain; version=0.0.4"))
        self.assertIn('holdfast_replies_total{kind="authorisation",code="00",reason="approved"} 1', text)
        self.assertIn('holdfast_lane_up{lane="0"} 1', text)
        families = re.findall(r"^# TYPE (\S+)", text, re.M)
        self.assertEqual(len(families), len(set(families)), "a family stands twice")
        response, text = self.page("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
        self.assertTrue(response.getheader("Content-Type").startswith("application/openmetrics-text"))
        self.assertTrue(text.endswith("# EOF\n"))
        self.assertEqual(self.page("/elsewhere")[0].status, 404)
        response, _ = self.page("/metrics", method="POST")
        self.assertEqual((response.status, response.getheader("Allow")), (405, "GET, HEAD"))
        response, text = self.page("/livez", method="HEAD")
        self.assertEqual((response.status, text), (200, ""))

    # --- signals ---

    def test_sigterm_and_sigint_end_it_with_0_and_a_last_anchor(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            self.daemon.start()
            self.daemon.process.send_signal(number)
            self.assertEqual(self.daemon.process.wait(timeout=30), 0)
            lines = self.daemon.log().splitlines()
            self.assertIn("event=anchor", lines[-2])
            self.assertIn("event=ended", lines[-1])

    def served_certificate(self):
        """What a new connection sees."""
        client = ehi.Client(self.daemon.port, self.daemon.tls)
        client.connect()
        try:
            return client.connection.sock.getpeercert(binary_form=True)
        finally:
            client.close()

    def wait_for_log(self, text, seconds=10):
        end = time.monotonic() + seconds
        while text not in self.daemon.log():
            self.assertLess(time.monotonic(), end, "the log never said " + text)
            time.sleep(0.02)

    def test_sighup_takes_new_certificates_and_survives_bad_ones(self):
        self.daemon.start()
        old = self.served_certificate()
        kept = ehi.Client(self.daemon.port, self.daemon.tls)
        kept.connect()
        make_tls(self.daemon.tls)
        self.daemon.process.send_signal(signal.SIGHUP)
        self.wait_for_log("event=certificates_reloaded")
        new = self.served_certificate()
        self.assertNotEqual(new, old)
        self.assertEqual(str(kept.send(ehi.authorisation(next(self.numbers), self.card, "-1.00", "GBP"))), "00/1")
        with open(self.daemon.tls + "/server.pem", "r+") as file:
            good = file.read()
            file.seek(0)
            file.truncate()
            file.write("no certificate\n")
            file.flush()
            self.daemon.process.send_signal(signal.SIGHUP)
            self.wait_for_log("event=reload_failed")
            self.assertEqual(self.served_certificate(), new)
            self.assertEqual(self.authorise(), "00/1")
            file.seek(0)
            file.write(good)
            file.truncate()
        kept.close()

    def test_tells_systemd(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            path = self.home + "/notify"
            notify.bind(path)
            notify.settimeout(10)
            os.environ["NOTIFY_SOCKET"] = path
            try:
                self.daemon.start()
            finally:
                del os.environ["NOTIFY_SOCKET"]
            heard = ""
            while "READY=1" not in heard or "WATCHDOG=1" not in heard:
                heard += notify.recv(4096).decode() + "\n"
            self.assertEqual(self.daemon.stop(), 0)
            while "STOPPING=1" not in heard:
                heard += notify.recv(4096).decode() + "\n"


if __name__ == "__main__":
    BUILD = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=1)
