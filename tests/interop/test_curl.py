"""curl, with the files of the examples."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "wire"))

import wire


class Curl(wire.WireTest):
    def curl(self, *arguments, certificate=True):
        certificates = self.server.certificates
        command = ["curl", "--silent", "--show-error", "--max-time", "20", "--noproxy", "*",
                   "--cacert", certificates.path("ca.pem")]
        if certificate:
            command += ["--cert", certificates.path("client.pem"), "--key", certificates.path("client.key")]
        return subprocess.run([*command, *arguments], capture_output=True, text=True)

    def url(self, path="/ehi"):
        return f"https://localhost:{self.server.port}{path}"

    def post(self, file, *arguments, **options):
        return self.curl("--header", "Content-Type: application/xml", "--data-binary",
                         "@" + os.path.join(wire.HERE, "examples", file), *arguments, self.url(), **options)

    def test_an_authorisation(self):
        done = self.post("purchase.request.xml", "--header", 'SOAPAction: "http://tempuri.org/IEndpointVersion52/GetTransaction"')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("<Responsestatus>00</Responsestatus>", done.stdout)

    def test_a_cut_off(self):
        self.assertIn("<Cut_OffResult>1</Cut_OffResult>", self.post("cut_off.request.xml").stdout)

    def test_without_a_certificate_there_is_no_answer_but_an_alert(self):
        done = self.post("purchase.request.xml", certificate=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(done.stdout, "")
        # In TLS 1.3 a client has finished before it is refused, and may see its own write fail first.
        done = self.post("purchase.request.xml", "--tls-max", "1.2", certificate=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("alert", done.stderr)

    def test_chunks_are_refused(self):
        done = self.post("purchase.request.xml", "--header", "Transfer-Encoding: chunked", "--output", os.devnull,
                         "--write-out", "%{http_code}")
        self.assertEqual(done.stdout, "411")

    def test_the_default_type_of_curl_is_refused(self):
        done = self.curl("--data", "<a/>", "--output", os.devnull, "--write-out", "%{http_code}", self.url())
        self.assertEqual(done.stdout, "415")

    def test_one_connection_for_several(self):
        file = "@" + os.path.join(wire.HERE, "examples", "purchase.request.xml")
        done = self.curl("--header", "Content-Type: application/xml", "--data-binary", file, "--output", os.devnull,
                         "--output", os.devnull, "--write-out", "%{num_connects} ", self.url(), self.url())
        self.assertEqual(done.stdout, "1 0 ")


if __name__ == "__main__":
    wire.main()
