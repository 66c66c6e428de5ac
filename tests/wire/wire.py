"""The wire-server with its certificates, and small clients for it.

Everything lives in a temporary folder and ends with the test. Ports are free ones.
"""
import atexit
import hashlib
import http.client
import os
import queue
import re
import resource
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
PATIENCE = 20  # seconds, for what takes milliseconds


def example(name):
    with open(os.path.join(HERE, "examples", name), "rb") as file:
        return file.read()


def envelope(body):
    return (
        f'<s:Envelope xmlns:s="{SOAP}"><s:Body><GetTransaction xmlns="http://tempuri.org/">'
        f"{body}</GetTransaction></s:Body></s:Envelope>"
    ).encode()


def elements(**values):
    """A request, with elements changed; None leaves one out."""
    usual = {
        "TXn_ID": "91000004711", "Token": "700100318", "MTID": "0100", "Txn_Type": "A",
        "Authorised_by_GPS": "N", "Txn_Stat_Code": "A", "Proc_Code": "000000",
        "Bill_Amt": "-23.4500", "Bill_Ccy": "826", "Txn_Amt": "23.4500", "Txn_CCy": "826",
    }
    usual.update(values)
    return "".join(f"<{k}>{v}</{k}>" for k, v in usual.items() if v is not None)


def request(**values):
    return envelope(elements(**values))


def post(body, path="/ehi", headers=None, length=None):
    """The bytes of a POST; headers replace the usual ones, None leaves one out."""
    fields = {"Host": "test", "Content-Type": "application/xml",
              "Content-Length": str(len(body) if length is None else length)}
    fields.update(headers or {})
    head = "".join(f"{k}: {v}\r\n" for k, v in fields.items() if v is not None)
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body


class Certificates:
    """An authority, a server, and clients of every sort, made once by certtool."""

    def __init__(self, folder):
        self.folder = folder
        self.authority("ca")
        self.authority("other_ca")
        self.leaf("server", "ca", "tls_www_server", extra='dns_name = "localhost"\nip_address = "127.0.0.1"\n')
        self.leaf("server2", "ca", "tls_www_server", extra='dns_name = "localhost"\n')
        self.leaf("client", "ca", "tls_www_client")
        self.leaf("client2", "ca", "tls_www_client")
        self.leaf("stranger", "other_ca", "tls_www_client")
        self.leaf("wrong_purpose", "ca", "tls_www_server")
        self.leaf("expired", "ca", "tls_www_client",
                  dates='activation_date = "2001-01-01 00:00:00"\nexpiration_date = "2002-01-01 00:00:00"\n')
        self.leaf("future", "ca", "tls_www_client",
                  dates='activation_date = "2090-01-01 00:00:00"\nexpiration_date = "2091-01-01 00:00:00"\n')

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, *arguments):
        subprocess.run(["certtool", *arguments], check=True, cwd=self.folder,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       env=dict(os.environ, TZ="UTC"))

    def key(self, name, text):
        self.run("--generate-privkey", "--key-type", "ecdsa", "--curve", "secp256r1", "--outfile", name + ".key")
        with open(self.path(name + ".template"), "w") as file:
            file.write(f'cn = "{name}"\n' + text)

    def authority(self, name):
        self.key(name, "ca\ncert_signing_key\nexpiration_days = 30\n")
        self.run("--generate-self-signed", "--load-privkey", name + ".key", "--template", name + ".template", "--outfile", name + ".pem")

    def leaf(self, name, ca, purpose, dates="expiration_days = 30\n", extra=""):
        self.key(name, f"signing_key\n{purpose}\n{dates}{extra}")
        self.run("--generate-certificate", "--load-privkey", name + ".key", "--load-ca-certificate", ca + ".pem",
                 "--load-ca-privkey", ca + ".key", "--template", name + ".template", "--outfile", name + ".pem")

    def fingerprint(self, name):
        with open(self.path(name + ".pem")) as file:
            return hashlib.sha256(ssl.PEM_cert_to_DER_cert(file.read())).hexdigest()

    def context(self, client="client", version=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(self.path("ca.pem"))
        if client is not None:
            context.load_cert_chain(self.path(client + ".pem"), self.path(client + ".key"))
        if version is not None:
            context.minimum_version = context.maximum_version = version
        return context


_certificates = None


def certificates():
    global _certificates
    if _certificates is None:
        folder = tempfile.mkdtemp(prefix="holdfast-wire-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        _certificates = Certificates(folder)
    return _certificates


class Server:
    """A wire-server; what it logs goes to a file, so that a test can look for what must not be there."""

    program = None

    def __init__(self, **options):
        self.certificates = certificates()
        self.log_path = tempfile.mktemp(dir=self.certificates.folder)
        self.log = open(self.log_path, "wb")
        nofile = options.pop("nofile", None)
        arguments = [f"{k}={v}" for k, v in options.items()]
        self.process = subprocess.Popen([Server.program, *arguments], cwd=self.certificates.folder,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log,
                                        preexec_fn=nofile and (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (nofile, nofile))))
        self.lines = queue.Queue()
        self.reader = threading.Thread(target=self.read_lines, daemon=True)
        self.reader.start()
        self.messages = []
        self.first = self.line()
        self.port = int(self.first.split()[1]) if self.first.startswith("port ") else None

    def read_lines(self):
        """Runs in a thread: the wire-server must never wait for a test that does not look."""
        for line in self.process.stdout:
            self.lines.put(line.decode().rstrip("\n"))
        self.lines.put(None)

    def line(self):
        try:
            line = self.lines.get(timeout=PATIENCE)
        except queue.Empty:
            line = None
        if line is None:
            raise AssertionError("the wire-server says nothing; its log:\n" + self.log_text()[-2000:])
        return line

    def command(self, text):
        """Runs a command; returns its output. Lines about messages go to .messages."""
        self.process.stdin.write(text.encode() + b"\n")
        self.process.stdin.flush()
        lines = []
        while True:
            line = self.line()
            if line == "done " + text.split()[0]:
                return lines
            (self.messages if line.startswith("message ") else lines).append(line)

    def message(self):
        """The next message that came through."""
        if not self.messages:
            self.messages.append(self.line())
        return dict(part.split("=", 1) for part in self.messages.pop(0).split(" ")[1:] if "=" in part)

    def forget(self):
        """Drops the messages that came through so far."""
        self.command("metrics")
        self.messages.clear()

    def metric(self, name, **labels):
        """A value of /metrics; 0 when the series is not there."""
        for line in self.command("metrics"):
            if line.startswith(name) and all(f'{k}="{v}"' in line for k, v in labels.items()):
                return float(line.rsplit(" ", 1)[1])
        return 0

    def wait_metric(self, value, name, **labels):
        end = time.monotonic() + PATIENCE
        while self.metric(name, **labels) != value and time.monotonic() < end:
            time.sleep(0.02)
        return self.metric(name, **labels)

    def log_text(self):
        with open(self.log_path, errors="replace") as file:
            return file.read()

    def stop(self):
        """Ends it; returns its exit status."""
        if self.process.poll() is None:
            try:
                self.process.stdin.write(b"quit\n")
                self.process.stdin.close()
            except BrokenPipeError:
                pass
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        self.reader.join(PATIENCE)
        self.process.stdout.close()
        self.log.close()
        complaint = re.search(r".*(Sanitizer|runtime error:)(.*\n){0,20}", self.log_text())
        if complaint:
            raise AssertionError(complaint.group())
        return status

    # Clients

    def connect(self, client="client", context=None, session=None):
        raw = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        context = context or self.certificates.context(client)
        return context.wrap_socket(raw, server_hostname="localhost", session=session)

    def http(self, client="client"):
        return http.client.HTTPSConnection("localhost", self.port, timeout=PATIENCE,
                                           context=self.certificates.context(client))

    def ask(self, body, path="/ehi", **headers):
        """One POST on a new connection: status, headers, body."""
        connection = self.http()
        headers = {"Content-Type": "application/xml", **{k.replace("_", "-"): v for k, v in headers.items()}}
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        answer = response.status, response.headers, response.read()
        connection.close()
        return answer

    def exchange(self, data, step=None, pause=0, client="client"):
        """Sends bytes on a new connection and reads to its end or the first complete answer."""
        with self.connect(client) as connection:
            for at in range(0, len(data), step or len(data)):
                connection.sendall(data[at:at + (step or len(data))])
                if pause:
                    time.sleep(pause)
            return read_responses(connection, 1)


def read_to_end(connection):
    data = b""
    try:
        while True:
            piece = connection.recv(65536)
            if not piece:
                return data
            data += piece
    except (ConnectionError, ssl.SSLError, socket.timeout):
        return data


def parse_responses(data):
    """[(status, headers, body)] of complete responses, and what is left."""
    responses = []
    while b"\r\n\r\n" in data:
        head, rest = data.split(b"\r\n\r\n", 1)
        lines = head.decode("latin1").split("\r\n")
        headers = {k.strip().lower(): v.strip() for k, v in (l.split(":", 1) for l in lines[1:] if ":" in l)}
        length = int(headers.get("content-length", 0))
        status = int(lines[0].split()[1])
        if status == 100:
            data = rest
            continue
        if len(rest) < length:
            break
        responses.append((status, headers, rest[:length]))
        data = rest[length:]
    return responses, data


def read_responses(connection, count):
    data = b""
    while True:
        responses, _ = parse_responses(data)
        if len(responses) >= count:
            return responses
        try:
            piece = connection.recv(65536)
        except (ConnectionError, ssl.SSLError, socket.timeout):
            return responses
        if not piece:
            return responses
        data += piece


class WireTest(unittest.TestCase):
    """A server for each class; the class may say options."""

    options = {}

    @classmethod
    def setUpClass(cls):
        cls.server = Server(**cls.options)
        if cls.server.port is None:
            raise AssertionError(cls.server.first)

    @classmethod
    def tearDownClass(cls):
        status = cls.server.stop()
        if status != 0:
            raise AssertionError(f"the wire-server ended with {status}:\n" + cls.server.log_text()[-4000:])


def main():
    Server.program = os.path.abspath(sys.argv.pop(1))
    signal.alarm(240)  # whatever happens, a test ends
    unittest.main(warnings="ignore")
