"""The agency's mail server, as a program on the machine: takes mail over TLS from whoever knows the password.

python3 mail_server.py CERTIFICATE KEY USER:PASSWORD FOLDER
"""

import base64
import socketserver
import ssl
import sys
import tempfile

CERTIFICATE, KEY, LOGIN, FOLDER = sys.argv[1:]
_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
_TLS.load_cert_chain(CERTIFICATE, KEY)


class Session(socketserver.StreamRequestHandler):
    is_sealed = is_known = False

    def handle(self) -> None:
        self.say("220 mejl")
        while line := self.rfile.readline():
            word, _, rest = line.decode().strip().partition(" ")
            match word.upper():
                case "EHLO":
                    self.say(
                        "250-mejl\r\n250 AUTH PLAIN"
                        if self.is_sealed
                        else "250-mejl\r\n250 STARTTLS"
                    )
                case "STARTTLS":
                    self.say("220 go")
                    sealed = _TLS.wrap_socket(self.request, server_side=True)
                    self.rfile, self.wfile = sealed.makefile("rb"), sealed.makefile("wb", 0)
                    self.is_sealed = True
                case "AUTH" if self.is_sealed:
                    given = base64.b64decode(rest.split()[-1]).decode().split("\0")[1:]
                    self.is_known = ":".join(given) == LOGIN
                    self.say("235 welcome" if self.is_known else "535 wrong")
                case "QUIT":
                    self.say("221 bye")
                    return
                case "DATA" if self.is_known:
                    self.say("354 go on")
                    self.take()
                    self.say("250 taken")
                case "MAIL" | "RCPT" if not self.is_known:
                    self.say("530 who are you")
                case "RCPT":
                    self.to = rest
                    self.say("250 well")
                case _:
                    self.say("250 well")

    def take(self) -> None:
        with tempfile.NamedTemporaryFile("wb", dir=FOLDER, delete=False) as file:
            file.write(f"Envelope: {self.to}\n".encode())  # whom it is for, whatever it says itself
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                file.write(line)

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


if __name__ == "__main__":
    with socketserver.ThreadingTCPServer(("127.0.0.1", 587), Session) as server:
        server.serve_forever()
