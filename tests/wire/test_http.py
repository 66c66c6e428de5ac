"""HTTP: what is refused before the body, slow and greedy clients, keep-alive, draining."""
import socket
import ssl
import threading
import time

import wire

BODY = wire.request()
GOOD = wire.post(BODY)


def status_of(responses):
    return responses[0][0] if responses else None


class Gate(wire.WireTest):
    options = {"header_ms": 3000, "body_max": 20000}

    def test_doubtful_requests_are_refused_and_the_connection_ends(self):
        big = b"x" * 20001
        rows = [
            ("GET", b"GET /ehi HTTP/1.1\r\nHost: a\r\n\r\n", 405),
            ("HEAD", b"HEAD /ehi HTTP/1.1\r\nHost: a\r\n\r\n", 405),
            ("PUT", GOOD.replace(b"POST", b"PUT", 1), 405),
            ("DELETE", b"DELETE /ehi HTTP/1.1\r\nHost: a\r\n\r\n", 405),
            ("OPTIONS", b"OPTIONS /ehi HTTP/1.1\r\nHost: a\r\n\r\n", 405),
            ("TRACE", b"TRACE /ehi HTTP/1.1\r\nHost: a\r\n\r\n", 405),
            ("an unknown method", b"FOO /ehi HTTP/1.1\r\nHost: a\r\n\r\n", 405),
            ("another path", wire.post(BODY, "/"), 404),
            ("a doubled slash", wire.post(BODY, "//ehi"), 404),
            ("an encoded path", wire.post(BODY, "/%65hi"), 404),
            ("a query", wire.post(BODY, "/ehi?x=1"), 404),
            ("an absolute target", wire.post(BODY, "http://a/ehi"), 404),
            ("HTTP/1.0", GOOD.replace(b"HTTP/1.1", b"HTTP/1.0", 1), 505),
            ("HTTP/1.2", GOOD.replace(b"HTTP/1.1", b"HTTP/1.2", 1), 505),
            ("HTTP/2.0", GOOD.replace(b"HTTP/1.1", b"HTTP/2.0", 1), 505),
            ("the preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
            ("no host", wire.post(BODY, headers={"Host": None}), 400),
            ("two hosts", GOOD.replace(b"Host: test", b"Host: test\r\nHost: test", 1), 400),
            ("no length", wire.post(BODY, headers={"Content-Length": None}), 411),
            ("chunks", wire.post(b"3\r\n<a/\r\n0\r\n\r\n", headers={"Content-Length": None, "Transfer-Encoding": "chunked"}), 411),
            ("an unknown coding", wire.post(b"", headers={"Content-Length": None, "Transfer-Encoding": "xchunked"}), 411),
            ("a length and chunks", wire.post(BODY, headers={"Transfer-Encoding": "chunked"}), 400),
            ("two lengths", GOOD.replace(b"Host: test", f"Host: test\r\nContent-Length: {len(BODY)}".encode(), 1), 400),
            ("two differing lengths", GOOD.replace(b"Host: test", b"Host: test\r\nContent-Length: 3", 1), 400),
            ("a signed length", wire.post(BODY, headers={"Content-Length": "+3"}), 400),
            ("a negative length", wire.post(BODY, headers={"Content-Length": "-1"}), 400),
            ("a hexadecimal length", wire.post(BODY, headers={"Content-Length": "0x3"}), 400),
            ("2^64 - 1", wire.post(BODY, headers={"Content-Length": "18446744073709551615"}), 413),
            ("2^64", wire.post(BODY, headers={"Content-Length": "18446744073709551616"}), 413),
            ("a body too big", wire.post(big), 413),
            ("a length too big, no body", wire.post(b"", length=20001), 413),
            ("no body", wire.post(b""), 400),
            ("a blank before the colon", GOOD.replace(b"Content-Length:", b"Content-Length :", 1), (400, 411, None)),
            ("a folded header", GOOD.replace(b"Content-Length: ", b"Content-Length:\r\n ", 1), (400, 411)),
            ("JSON", wire.post(BODY, headers={"Content-Type": "application/json"}), 415),
            ("no type", wire.post(BODY, headers={"Content-Type": None}), 415),
            ("UTF-16", wire.post(BODY, headers={"Content-Type": "text/xml; charset=utf-16"}), 415),
            ("SOAP 1.2", wire.post(BODY, headers={"Content-Type": "application/soap+xml"}), 415),
            ("attachments", wire.post(BODY, headers={"Content-Type": "multipart/related"}), 415),
            ("gzip", wire.post(BODY, headers={"Content-Encoding": "gzip"}), 415),
            ("Expect: banana", wire.post(BODY, headers={"Expect": "banana"}), 417),
            ("300 headers", GOOD.replace(b"Host: test", b"Host: test" + b"".join(b"\r\nX%d: y" % i for i in range(300)), 1), 431),
            ("65 headers", GOOD.replace(b"Host: test", b"Host: test" + b"".join(b"\r\nX%d: y" % i for i in range(62)), 1), 431),
            ("a large header", GOOD.replace(b"Host: test", b"Host: test\r\nX: " + b"y" * 40000, 1), 431),
            ("a large target", wire.post(BODY, "/" + "e" * 40000), 414),
            ("a control character in a value", wire.post(BODY, headers={"X": "a\x01b"}), 400),
            ("garbage", b"\x01\x02\x03\r\n\r\n", (400, None)),
            ("HTTP/0.9", b"GET /ehi\r\n\r\n", (400, 505, None)),
        ]
        for name, data, status in rows:
            with self.subTest(name), self.server.connect() as connection:
                connection.sendall(data + GOOD)  # what is glued behind must not be served
                answer = wire.read_to_end(connection)
                responses, _ = wire.parse_responses(answer)
                allowed = status if isinstance(status, tuple) else (status,)
                self.assertIn(status_of(responses), allowed, answer[:200])
                self.assertNotIn(b"GetTransactionResponse", answer)
        self.assertEqual(self.server.ask(BODY)[0], 200)

    def test_nothing_of_it_reached_authz(self):
        self.server.exchange(wire.post(BODY, headers={"Content-Type": "application/json"}))
        self.server.forget()
        self.server.exchange(wire.post(wire.request(TXn_ID="77")))
        self.assertEqual(self.server.message()["txn_id"], "77")

    def test_every_refusal_has_a_line_and_a_count(self):
        time.sleep(1.1)  # the log limits repeats of a line to some a second
        before = self.server.metric("holdfast_rejects_total", layer="http", rule="content_encoding")
        self.server.exchange(wire.post(BODY, headers={"Content-Encoding": "br"}))
        self.assertEqual(self.server.metric("holdfast_rejects_total", layer="http", rule="content_encoding"), before + 1)
        self.assertIn("rule=content_encoding", self.server.log_text())

    def test_content_types_that_are_taken(self):
        for value in ("application/xml", "text/xml", "text/xml; charset=utf-8", 'application/xml; charset="UTF-8"'):
            with self.subTest(value):
                self.assertEqual(status_of(self.server.exchange(wire.post(BODY, headers={"Content-Type": value}))), 200)

    def test_expect_100_is_answered(self):
        with self.server.connect() as connection:
            head, body = wire.post(BODY, headers={"Expect": "100-continue"}).split(b"\r\n\r\n", 1)
            connection.sendall(head + b"\r\n\r\n")
            self.assertIn(b"100", connection.recv(100))
            connection.sendall(body)
            self.assertEqual(status_of(wire.read_responses(connection, 1)), 200)
        with self.server.connect() as connection:
            connection.sendall(wire.post(b"", length=20001, headers={"Expect": "100-continue"}))
            self.assertEqual(wire.read_to_end(connection).split(b" ")[1], b"413", "no 100 before a 413")


class Answers(wire.WireTest):
    options = {"reply_host": "203.0.113.20"}

    def test_headers_are_as_the_guide_says(self):
        action = '"http://tempuri.org/IEndpointVersion52/GetTransaction"'
        trace = "00-5f1c0a7be2d94c38a6b01d2e3f405162-7a1b2c3d4e5f6071-00"
        self.server.forget()
        status, headers, body = self.server.ask(BODY, soapaction=action, traceparent=trace)
        self.assertEqual(status, 200)
        self.assertEqual(headers["content-type"], "application/xml")
        self.assertEqual(headers["soapaction"], action)
        self.assertEqual(headers["traceparent"], trace)
        self.assertEqual(headers["host"], "203.0.113.20")
        self.assertEqual(int(headers["content-length"]), len(body))
        self.assertIsNone(headers["transfer-encoding"])
        self.assertEqual(self.server.message()["request"], "5f1c0a7be2d94c38a6b01d2e3f405162")

    def test_a_soapaction_of_another_operation_is_only_counted(self):
        before = self.server.metric("holdfast_repairs_total", what="soap_action_differs")
        self.assertEqual(self.server.ask(BODY, soapaction='"http://tempuri.org/Cut_Off"')[0], 200)
        self.assertEqual(self.server.metric("holdfast_repairs_total", what="soap_action_differs"), before + 1)

    def test_a_bad_traceparent_is_not_echoed_and_a_request_gets_a_name(self):
        self.server.forget()
        _, headers, _ = self.server.ask(BODY, traceparent="nonsense")
        self.assertIsNone(headers["traceparent"])
        self.assertRegex(self.server.message()["request"], "^[0-9a-f]{32}$")

    def test_the_wsdl_is_served_with_the_address_that_was_asked(self):
        connection = self.server.http()
        connection.request("GET", "/ehi?wsdl", headers={"Host": "cards.example:8443"})
        response = connection.getresponse()
        text = response.read().decode()
        self.assertEqual(response.status, 200)
        self.assertIn('location="https://cards.example:8443/ehi"', text)
        self.assertIn('name="GetTransaction"', text)
        self.assertIn('name="Cut_Off"', text)
        connection.close()


class KeepAlive(wire.WireTest):
    def test_many_requests_on_one_connection(self):
        self.server.forget()
        with self.server.connect() as connection:
            for i in range(300):
                connection.sendall(wire.post(wire.request(TXn_ID=i + 1)))
                self.assertEqual(status_of(wire.read_responses(connection, 1)), 200)
                self.assertEqual(self.server.message()["txn_id"], str(i + 1))

    def test_pipelined_requests_are_answered_in_order(self):
        with self.server.connect() as connection:
            connection.sendall(b"".join(
                wire.post(wire.request(TXn_ID=i), headers={"soapaction": f'"{i}"'}) for i in range(1, 6)))
            responses = wire.read_responses(connection, 5)
        self.assertEqual([r[1]["soapaction"] for r in responses], [f'"{i}"' for i in range(1, 6)])

    def test_one_byte_at_a_time(self):
        self.assertEqual(status_of(self.server.exchange(wire.post(wire.request(), headers={"X": "y"}), step=1)), 200)

    def waited_us(self, connection):
        connection.sendall(GOOD)
        self.assertEqual(status_of(wire.read_responses(connection, 1)), 200)
        return int(self.server.message()["waited_us"])

    def test_the_handshake_counts_for_the_first_request_and_waiting_does_not(self):
        self.server.forget()
        raw = socket.create_connection(("127.0.0.1", self.server.port), timeout=wire.PATIENCE)
        time.sleep(0.3)
        with self.server.certificates.context().wrap_socket(raw, server_hostname="localhost") as connection:
            self.assertGreaterEqual(self.waited_us(connection), 300000, "accept to request, with the handshake")
            time.sleep(0.3)
            self.assertLess(self.waited_us(connection), 300000, "a later request")
        with self.server.connect() as connection:
            time.sleep(0.3)
            self.assertLess(self.waited_us(connection), 300000, "a connection opened in advance")

    def test_many_clients_at_once(self):
        failures = []

        def client(number):
            try:
                with self.server.connect() as connection:
                    for i in range(40):
                        connection.sendall(wire.post(wire.request(TXn_ID=number * 1000 + i + 1), headers={"soapaction": f"{number}.{i}"}))
                        response = wire.read_responses(connection, 1)[0]
                        if response[0] != 200 or response[1]["soapaction"] != f"{number}.{i}":
                            failures.append(response)
            except Exception as error:  # reported by the assertion below
                failures.append(error)

        threads = [threading.Thread(target=client, args=(n,)) for n in range(1, 17)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(wire.PATIENCE)
        self.assertEqual(failures, [])


class SlowClients(wire.WireTest):
    options = {"header_ms": 700, "body_ms": 700, "idle_ms": 700}

    def cut(self, connection, dripped=b"", pause=0.1):
        """Drips bytes until the server ends it; whether it did."""
        connection.settimeout(0.05)
        for i in range(100):
            try:
                if i < len(dripped):
                    connection.sendall(dripped[i:i + 1])
                time.sleep(pause)
                if connection.recv(1) == b"":
                    return True
            except (socket.timeout, ssl.SSLWantReadError):
                continue
            except (ConnectionError, ssl.SSLError):
                return True
        return False

    def raw(self):
        return socket.create_connection(("127.0.0.1", self.server.port), timeout=wire.PATIENCE)

    def test_who_says_nothing_is_cut_off(self):
        with self.raw() as connection:
            self.assertTrue(self.cut(connection))

    def test_who_drips_a_handshake_is_cut_off(self):
        with self.raw() as connection:
            self.assertTrue(self.cut(connection, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 80))

    def test_who_drips_headers_is_cut_off(self):
        with self.server.connect() as connection:
            self.assertTrue(self.cut(connection, b"POST /ehi HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 90))

    def test_who_drips_a_later_request_is_cut_off(self):
        with self.server.connect() as connection:
            connection.sendall(GOOD)
            wire.read_responses(connection, 1)
            self.assertTrue(self.cut(connection, b"POST /ehi HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 90))

    def test_who_drips_a_body_is_cut_off(self):
        with self.server.connect() as connection:
            head, body = GOOD.split(b"\r\n\r\n", 1)
            connection.sendall(head + b"\r\n\r\n")
            self.assertTrue(self.cut(connection, body))

    def test_who_asks_nothing_after_the_handshake_is_cut_off(self):
        with self.server.connect() as connection:
            self.assertTrue(self.cut(connection))

    def test_who_stays_idle_is_cut_off(self):
        with self.server.connect() as connection:
            connection.sendall(GOOD)
            wire.read_responses(connection, 1)
            self.assertTrue(self.cut(connection))

    def test_who_waits_for_authz_is_not_cut_off(self):
        self.server.command("delay 1500")
        try:
            self.assertEqual(status_of(self.server.exchange(GOOD)), 200)
        finally:
            self.server.command("delay 0")

    def test_a_client_that_leaves_while_authz_works_harms_nobody(self):
        self.server.command("delay 300")
        try:
            connection = self.server.connect()
            connection.sendall(GOOD)
            time.sleep(0.1)
            connection.close()
            time.sleep(0.4)
        finally:
            self.server.command("delay 0")
        self.assertEqual(self.server.ask(BODY)[0], 200)


class Limits(wire.WireTest):
    options = {"connections_max": 4, "idle_ms": 60000, "header_ms": 60000}

    def test_one_connection_too_many_is_closed_and_a_place_that_is_free_is_used_again(self):
        held = [self.server.connect() for _ in range(4)]
        for connection in held:
            connection.sendall(GOOD)
            self.assertEqual(status_of(wire.read_responses(connection, 1)), 200)
        with self.assertRaises((ssl.SSLError, ConnectionError)):
            self.server.connect()
        held.pop().close()
        self.assertEqual(self.server.wait_metric(3, "holdfast_connections "), 3)
        self.assertEqual(self.server.ask(BODY)[0], 200)
        for connection in held:
            connection.close()

    def test_without_a_slot_a_decline_goes_out_at_once(self):
        self.server.command("slots 0")
        try:
            status, _, body = self.server.ask(BODY)
            self.assertEqual(status, 200)
            self.assertIn(b"<Responsestatus>05</Responsestatus>", body)
            status, _, body = self.server.ask(wire.request(MTID="0400", Txn_Type="D"))
            self.assertIn(b"<Acknowledgement>0</Acknowledgement>", body)
            self.assertEqual(self.server.ask(wire.request(TXn_ID=None))[0], 500)
        finally:
            self.server.command("slots 1")
        self.assertEqual(self.server.ask(BODY)[0], 200)


class Descriptors(wire.WireTest):
    options = {"nofile": 30, "connections_max": 64}

    def test_without_descriptors_it_waits_and_carries_on(self):
        held = [socket.create_connection(("127.0.0.1", self.server.port), timeout=wire.PATIENCE) for _ in range(40)]
        time.sleep(0.5)
        self.assertIn("event=accept_failed", self.server.log_text())
        for connection in held:
            connection.close()
        self.assertEqual(self.server.ask(BODY)[0], 200)


class Address(wire.unittest.TestCase):
    def test_ipv6(self):
        server = wire.Server(address="::1")
        self.addCleanup(server.stop)
        if server.port is None:
            self.skipTest(server.first)
        raw = socket.create_connection(("::1", server.port), timeout=wire.PATIENCE)
        with server.certificates.context().wrap_socket(raw, server_hostname="localhost") as connection:
            connection.sendall(GOOD)
            self.assertEqual(status_of(wire.read_responses(connection, 1)), 200)


class Draining(wire.unittest.TestCase):
    def setUp(self):
        self.server = wire.Server()
        self.addCleanup(self.server.stop)

    def test_requests_in_flight_are_answered_while_nobody_new_comes_in(self):
        self.server.command("delay 800")
        connection = self.server.connect()
        connection.sendall(GOOD)
        time.sleep(0.2)
        self.server.command("quiesce")
        with self.assertRaises((ssl.SSLError, ConnectionError)):
            self.server.connect()
        responses = wire.read_responses(connection, 1)
        self.assertEqual(status_of(responses), 200)
        self.assertEqual(responses[0][1].get("connection", "").lower(), "close")

    def test_stopping_with_a_request_in_flight_answers_it_and_ends_well(self):
        self.server.command("delay 800")
        connections = [self.server.connect() for _ in range(8)]
        for connection in connections:
            connection.sendall(GOOD)
        time.sleep(0.2)
        self.assertEqual(self.server.stop(), 0)
        for connection in connections:
            self.assertEqual(status_of(wire.read_responses(connection, 1)), 200)

    def test_stopping_amid_handshakes_headers_and_bodies_ends_well(self):
        open_ones = [wire.socket.create_connection(("127.0.0.1", self.server.port)), self.server.connect()]
        for part in (b"POST /ehi HT", GOOD[:-20]):
            open_ones.append(self.server.connect())
            open_ones[-1].sendall(part)
        time.sleep(0.2)
        self.assertEqual(self.server.stop(), 0)


if __name__ == "__main__":
    wire.main()
