"""A time-stamp authority on loopback: OpenSSL's, with a certificate made for the test."""

import subprocess
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

CONFIG = """
[ tsa ]
default_tsa = here
[ here ]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
[ req ]
distinguished_name = name
x509_extensions = stamping
prompt = no
[ name ]
CN = Test authority
[ stamping ]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
"""


class Authority:
    """`answer`: what it says instead of a stamp, or a function of the question."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.answer, self.asked = folder, None, []
        (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder))
        (folder / "serial").write_text("01\n")
        self._openssl(
            *[
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-config",
                "tsa.cnf",
                "-keyout",
                "tsa.key",
                "-out",
                "tsa.pem",
            ]
        )
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                question = self.rfile.read(int(self.headers["Content-Length"]))
                authority.asked.append(question)
                content = authority.stamp(question) if authority.answer is None else authority.answer
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *said) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/tsa"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def stamp(self, question: bytes) -> bytes:
        (self.folder / "question.tsq").write_bytes(question)
        self._openssl(*["ts", "-reply", "-config", "tsa.cnf", "-queryfile", "question.tsq", "-out", "answer.tsr"])
        return (self.folder / "answer.tsr").read_bytes()

    def verify(self, content: bytes, stamp: bytes) -> bool:
        """As an auditor does it."""
        (self.folder / "said").write_bytes(content)
        (self.folder / "stamp.tsr").write_bytes(stamp)
        command = ["ts", "-verify", "-data", "said", "-in", "stamp.tsr", "-CAfile", "tsa.pem", "-partial_chain"]
        return "Verification: OK" in self._openssl(*command, check=False)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _openssl(self, *arguments: str, check: bool = True) -> str:
        said = subprocess.run(["openssl", *arguments], cwd=self.folder, capture_output=True, text=True, check=check)
        return said.stdout + said.stderr
