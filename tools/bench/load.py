"""Asks a server for one address, as fast as it answers, and reads every answer."""

import http.client
import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .servers import Failed, Server, program

CONNECTIONS = 16
_CHECK = Path(__file__).with_name("check.lua")


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Target:
    """One address of one server, and what each of its answers has to be."""

    name: str
    server: Server
    path: str
    sentence: str
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200

    def ask(self) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        try:
            connection.request("GET", self.path, headers=dict(self.headers))
            response = connection.getresponse()
            headers = {key.lower(): value for key, value in response.getheaders()}
            return Answer(response.status, response.read(), headers)
        except (OSError, http.client.HTTPException) as error:
            raise Failed(f"svarar inte: {error!r}") from error
        finally:
            connection.close()

    def length(self) -> int:
        """How long its answer is, once it has been seen to be the right one, twice."""
        first, second = (checked(self.ask(), self.status, self.sentence) for _ in range(2))
        if len(first.body) != len(second.body):
            raise Failed(f"svarar olika långt: {len(first.body)} och {len(second.body)} byte")
        return len(second.body)


def checked(answer: Answer, status: int, sentence: str) -> Answer:
    """The answer, if it is the one that was asked for."""
    if answer.status != status:
        raise Failed(f"svarade {answer.status}, inte {status}")
    if sentence.encode() not in answer.body:
        raise Failed(f"svarade utan ”{sentence}”")
    return answer


@dataclass(frozen=True)
class Load:
    """What came of one turn."""

    requests_per_second: float
    cpu_us: float
    p50_ms: float
    p99_ms: float


def load(target: Target, length: int, seconds: int) -> Load:
    """Asks for so long over a few connections; refuses a turn in which any answer was wrong."""
    pace = "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "20s"
    command = [program("wrk", "wrk"), *pace, "-s", str(_CHECK)]
    for name, value in target.headers.items():
        command += ["-H", f"{name}: {value}"]
    command += [f"http://127.0.0.1:{target.server.port}{target.path}", "--"]
    command += [str(target.status), str(length), target.sentence]
    before = target.server.cpu_seconds()
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60)
    except subprocess.TimeoutExpired as error:
        raise Failed("wrk slutade inte i tid") from error
    spent = target.server.cpu_seconds() - before
    return load_of(done.stdout + done.stderr, spent)


def load_of(output: str, cpu_seconds: int) -> Load:
    """What wrk says, when all of its answers were right."""
    found = re.search(r"^figures (\{.*\})$", output, re.MULTILINE)
    if found is None:
        raise Failed(f"wrk gick inte: {output.strip().splitlines()[-1:] or 'utan ett ord'}")
    figures = json.loads(found[1])
    if figures["wrong"] or figures["broken"] or not figures["requests"]:
        raise Failed(
            f"{figures['wrong']} svar var fel och {figures['broken']} uteblev, "
            f"av {figures['requests']}"
        )
    return Load(
        requests_per_second=figures["requests"] / figures["seconds"],
        cpu_us=cpu_seconds * 1e6 / figures["requests"],
        p50_ms=figures["p50_ms"],
        p99_ms=figures["p99_ms"],
    )
