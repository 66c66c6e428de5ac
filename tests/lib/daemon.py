"""holdfastd for tests: a development CA, a configuration, and the process.

    daemon = Daemon(home, build, conninfo)     # conninfo("writer") -> libpq string
    daemon.start(); daemon.wait_ready(); …; daemon.stop()
"""
import http.client
import json
import os
import re
import signal
import subprocess
import time

TEMPLATES = {
    "ca": "cn = holdfast test authority\nca\ncert_signing_key\nexpiration_days = 30\nserial = 1\n",
    "server": "cn = localhost\ndns_name = localhost\nip_address = 127.0.0.1\ntls_www_server\n"
              "signing_key\nexpiration_days = 30\nserial = 2\n",
    "client": "cn = processor\ntls_www_client\nsigning_key\nexpiration_days = 30\nserial = 3\n",
}

CONFIGURATION = """[listen]
port = 0
path = /ehi
[tls]
certificate = {tls}/server.pem
key = {tls}/server.key
client_ca = {tls}/ca.pem
[database]
writer = {writer}
operator = {operator}
reader = {reader}
admin = {admin}
[product default]
mode = 1
[product 70101]
mode = 1
[product 70104]
mode = 4
[admin]
port = 0
"""


def certtool(*arguments):
    subprocess.run(["certtool", "--no-text"] + list(arguments), check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.PIPE)


def make_tls(folder):
    """ca.pem, server.pem, server.key, client.pem, client.key: ECDSA, made by certtool."""
    os.makedirs(folder, exist_ok=True)
    for name, template in TEMPLATES.items():
        key, pem, text = ("%s/%s.%s" % (folder, name, end) for end in ("key", "pem", "tmpl"))
        with open(text, "w") as file:
            file.write(template)
        certtool("--generate-privkey", "--key-type", "ecdsa", "--curve", "secp256r1", "--outfile", key)
        if name == "ca":
            certtool("--generate-self-signed", "--load-privkey", key, "--template", text, "--outfile", pem)
        else:
            certtool("--generate-certificate", "--load-privkey", key, "--template", text,
                     "--load-ca-certificate", folder + "/ca.pem", "--load-ca-privkey", folder + "/ca.key",
                     "--outfile", pem)


class Daemon:
    def __init__(self, home, build, conninfo, settings=()):
        self.home, self.settings, self.process = home, list(settings), None
        self.build, self.program = build, build + "/holdfastd"
        os.makedirs(home, exist_ok=True)
        self.tls = home + "/tls"
        self.log_path = home + "/holdfastd.log"
        self.config = home + "/holdfast.conf"
        self.port = self.admin_port = 0
        make_tls(self.tls)
        with open(self.config, "w") as file:
            file.write(CONFIGURATION.format(
                tls=self.tls, **{role: conninfo(role) for role in ("writer", "operator", "reader", "admin")}))

    def start(self):
        """Starts it and waits until it listens. The port stays the same over restarts."""
        offset = os.path.getsize(self.log_path) if os.path.exists(self.log_path) else 0
        command = [self.program, "-c", self.config]
        for setting in self.settings:
            command += ["--set", setting]
        if self.port:
            command += ["--set", "listen.port=%d" % self.port, "--set", "admin.port=%d" % self.admin_port]
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        for _ in range(1000):
            with open(self.log_path, "rb") as log:
                log.seek(offset)
                found = re.search(r"event=listening.*? port=(\d+).*? admin_port=(\d+)",
                                  log.read().decode(errors="replace"))
            if found:
                self.port, self.admin_port = int(found[1]), int(found[2])
                return
            if self.process.poll() is not None:
                raise RuntimeError("holdfastd ended with %d; see %s" % (self.process.returncode, self.log_path))
            time.sleep(0.02)
        raise RuntimeError("holdfastd does not listen; see " + self.log_path)

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.admin_port, timeout=5)
        connection.request("GET", path)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response.status, text

    def wait_ready(self, seconds=30):
        """True once /readyz answers 200."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            status, text = self.get("/readyz")
            if status == 200:
                assert json.loads(text)["ready"]
                return True
            time.sleep(0.02)
        return False

    def metric(self, name):
        """The sum of a family's samples of exactly that name."""
        total = 0.0
        for line in self.get("/metrics")[1].splitlines():
            if re.match(re.escape(name) + r"[{ ]", line):
                total += float(line.rsplit(" ", 1)[1])
        return total

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """Drains it; returns its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)

    def log(self):
        with open(self.log_path) as file:
            return file.read()

    def complaints(self):
        """Lines of a sanitizer or a failed assertion in the log."""
        return [line for line in self.log().splitlines()
                if re.search(r"Sanitizer|runtime error:|Assertion .* failed", line)]
