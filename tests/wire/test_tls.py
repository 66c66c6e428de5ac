"""Who may come in: every sort of certificate, resumption, the deny list, reloading."""
import os
import shutil
import ssl
import time

import wire

TLS12, TLS13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3


class Refusals(wire.WireTest):
    options = {"idle_ms": 8000}

    def refused(self, context):
        """True when no answer to a request could be had."""
        try:
            with self.server.connect(context=context) as connection:
                connection.sendall(wire.post(wire.request()))
                return wire.read_responses(connection, 1) == []
        except (ssl.SSLError, ConnectionError):
            return True

    def test_only_a_good_client_certificate_comes_in(self):
        certificates = self.server.certificates
        for version in (TLS12, TLS13):
            self.assertFalse(self.refused(certificates.context("client", version)))
            for name, result in ((None, "no_certificate"), ("stranger", "unknown_ca"), ("expired", "expired"),
                                 ("future", "expired"), ("wrong_purpose", "bad_certificate")):
                before = self.server.metric("holdfast_handshakes_total", result=result)
                with self.subTest(client=name, version=version):
                    self.assertTrue(self.refused(certificates.context(name, version)))
                    self.assertEqual(self.server.wait_metric(before + 1, "holdfast_handshakes_total", result=result),
                                     before + 1)
            self.assertTrue(self.refused(certificates.context("ca", version)), "an authority is no client")
        self.assertIn("event=handshake_refused", self.server.log_text())

    def test_the_client_is_told_by_an_alert(self):
        for name, alert in (("stranger", "UNKNOWN_CA"), ("expired", "CERTIFICATE_EXPIRED"),
                            (None, "HANDSHAKE_FAILURE")):
            with self.subTest(client=name), self.assertRaises(ssl.SSLError) as raised:
                self.server.connect(context=self.server.certificates.context(name, TLS12)).close()
            self.assertIn(alert, str(raised.exception))

    def test_old_protocols_are_refused(self):
        context = self.server.certificates.context("client")
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
        with self.assertRaises((ssl.SSLError, ConnectionError)):
            self.server.connect(context=context)

    def test_plain_http_gets_no_answer(self):
        with wire.socket.create_connection(("127.0.0.1", self.server.port), timeout=wire.PATIENCE) as raw:
            raw.sendall(wire.post(wire.request()))
            self.assertNotIn(b"HTTP/1.1 200", wire.read_to_end(raw))

    def test_a_certificate_that_expires_ends_a_kept_connection(self):
        certificates = self.server.certificates
        certificates.leaf("soon", "ca", "tls_www_client", dates="expiration_date = "
                          + time.strftime('"%Y-%m-%d %H:%M:%S"', time.gmtime(time.time() + 5)) + "\n")
        with self.server.connect("soon") as connection:
            statuses = []
            for _ in range(100):
                connection.sendall(wire.post(wire.request()))
                statuses.append(wire.read_responses(connection, 1)[0][0])
                if statuses[-1] != 200:
                    break
                time.sleep(0.2)
        self.assertEqual((statuses[0], statuses[-1]), (200, 403))


class Resumption(wire.WireTest):
    def session(self, context):
        with self.server.connect(context=context) as connection:
            connection.sendall(wire.post(wire.request()))
            self.assertEqual(wire.read_responses(connection, 1)[0][0], 200)
            return connection.session

    def again(self, context, session):
        with self.server.connect(context=context, session=session) as connection:
            connection.sendall(wire.post(wire.request()))
            return connection.session_reused, wire.read_responses(connection, 1)[0][0]

    def test_a_ticket_saves_the_handshake(self):
        for version in (TLS12, TLS13):
            with self.subTest(version=version):
                before = self.server.metric("holdfast_handshakes_total", result="resumed")
                context = self.server.certificates.context("client", version)
                self.assertEqual(self.again(context, self.session(context)), (True, 200))
                self.assertEqual(self.server.metric("holdfast_handshakes_total", result="resumed"), before + 1)


class Tickets(wire.WireTest):
    options = {"tickets": 0}

    def test_tickets_can_be_switched_off(self):
        context = self.server.certificates.context("client", TLS12)
        with self.server.connect(context=context) as connection:
            connection.sendall(wire.post(wire.request()))
            wire.read_responses(connection, 1)
            session = connection.session
        with self.server.connect(context=context, session=session) as connection:
            self.assertFalse(connection.session_reused)


class DenyList(wire.WireTest):
    options = {"deny": "deny.txt"}

    @classmethod
    def setUpClass(cls):
        with open(wire.certificates().path("deny.txt"), "w") as file:
            file.write("# nobody yet\n\n")
        super().setUpClass()

    def deny(self, *names):
        fingerprints = [self.server.certificates.fingerprint(name) for name in names]
        with open(self.server.certificates.path("deny.txt"), "w") as file:
            file.write("# refused\n" + "".join(f"{f.upper()}  # one\n" for f in fingerprints))
        return self.server.command("reload")

    def test_who_is_denied_is_refused_everywhere_at_once(self):
        context = self.server.certificates.context("client2", TLS13)
        kept = self.server.connect(context=context)
        kept.sendall(wire.post(wire.request()))
        self.assertEqual(wire.read_responses(kept, 1)[0][0], 200)
        session = kept.session

        self.assertEqual(self.deny("client2"), [])
        kept.sendall(wire.post(wire.request()))
        self.assertEqual(wire.read_responses(kept, 1)[0][0], 403, "a kept connection")
        kept.close()
        with self.server.connect(context=context, session=session) as connection:
            connection.sendall(wire.post(wire.request()))
            self.assertEqual(wire.read_responses(connection, 1)[0][0], 403, "a resumed session")
        with self.server.connect(context=self.server.certificates.context("client2", TLS13)) as connection:
            try:
                connection.sendall(wire.post(wire.request()))
                self.assertEqual(wire.read_responses(connection, 1), [], "a new handshake")
            except (ssl.SSLError, ConnectionError):
                pass
        self.assertEqual(self.server.ask(wire.request())[0], 200, "others are served")
        self.assertEqual(self.deny(), [])
        with self.server.connect("client2") as connection:
            connection.sendall(wire.post(wire.request()))
            self.assertEqual(wire.read_responses(connection, 1)[0][0], 200, "allowed again")

    def test_a_bad_list_is_refused_by_line_and_the_old_one_stays(self):
        with open(self.server.certificates.path("deny.txt"), "w") as file:
            file.write("# one\nnot a fingerprint\n")
        output = self.server.command("reload")
        self.assertEqual(len(output), 1)
        self.assertIn("deny.txt:2", output[0])
        self.assertEqual(self.server.ask(wire.request())[0], 200)
        self.assertEqual(self.deny(), [])


class Reload(wire.WireTest):
    options = {"certificate": "live.pem", "key": "live.key"}

    @classmethod
    def setUpClass(cls):
        cls.install("server")
        super().setUpClass()

    @staticmethod
    def install(name):
        certificates = wire.certificates()
        for suffix in (".pem", ".key"):
            shutil.copy(certificates.path(name + suffix), certificates.path("live" + suffix))

    def served(self):
        with self.server.connect() as connection:
            return wire.hashlib.sha256(connection.getpeercert(True)).hexdigest()

    def test_a_new_certificate_is_used_and_old_connections_live_on(self):
        certificates = self.server.certificates
        self.assertEqual(self.served(), certificates.fingerprint("server"))
        old = self.server.connect()
        old.sendall(wire.post(wire.request()))
        self.assertEqual(wire.read_responses(old, 1)[0][0], 200)

        self.install("server2")
        self.assertEqual(self.server.command("reload"), [])
        self.assertEqual(self.served(), certificates.fingerprint("server2"))
        old.sendall(wire.post(wire.request()))
        self.assertEqual(wire.read_responses(old, 1)[0][0], 200)
        old.close()

        shutil.copy(certificates.path("server.key"), certificates.path("live.key"))
        self.assertIn("live.pem", self.server.command("reload")[0], "a key that does not fit")
        os.remove(certificates.path("live.pem"))
        self.assertIn("live.pem", self.server.command("reload")[0], "a file that is gone")
        self.assertEqual(self.served(), certificates.fingerprint("server2"), "the last good one stays")


class StartErrors(wire.unittest.TestCase):
    def test_a_wrong_file_or_option_is_said_at_start(self):
        certificates = wire.certificates()
        with open(certificates.path("empty.pem"), "w"):
            pass
        for options, said in (({"certificate": "missing.pem"}, "missing.pem"), ({"key": "client.key"}, "client.key"),
                              ({"client_ca": "empty.pem"}, "empty.pem"), ({"priorities": "SECURE128:+NONSENSE"}, "NONSENSE"),
                              ({"address": "nowhere"}, "nowhere"), ({"namespace": "a<b"}, "namespace"),
                              ({"deny": "missing.txt"}, "missing.txt")):
            with self.subTest(options=options):
                server = wire.Server(**options)
                self.assertIsNone(server.port)
                self.assertTrue(server.first.startswith("error "))
                self.assertIn(said, server.first)
                self.assertEqual(server.stop(), 2)


if __name__ == "__main__":
    wire.main()
