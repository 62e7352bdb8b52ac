"""The other systems that `./sapo bench` puts beside ours."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from tools.bench import peers, served
from tools.bench.load import Load
from tools.bench.rounds import Results
from tools.bench.servers import Failed


@pytest.fixture
def started(monkeypatch) -> list[str]:
    """The names of what was started, in order; nothing is."""
    names: list[str] = []

    class Server:
        def __init__(self, name: str) -> None:
            self.name = name

        def __enter__(self) -> "Server":
            names.append(self.name)
            return self

        def __exit__(self, *error: object) -> None:
            pass

    monkeypatch.setattr(peers, "gunicorn", lambda name, *words, **options: Server(name))
    return names


def test_a_peer_that_cannot_be_installed_is_left_out_and_the_others_are_measured(
    monkeypatch, tmp_path, started
):
    def run(command, peer, home):
        if peer is peers.CODERED and "install" in command:
            raise Failed("uv: No solution found")

    monkeypatch.setattr(peers, "_run", run)
    said = []
    with ExitStack() as running:
        names = [target.name for target in peers.targets(running, tmp_path, said.append)]
    assert names == started == [*peers.WAGTAIL.ways, *peers.DJANGO_CMS.ways]
    assert "coderedcms: uv: No solution found. Utelämnas." in said


def test_a_peer_is_installed_once_for_as_long_as_nothing_of_it_changes(
    monkeypatch, tmp_path, started
):
    commands = []
    monkeypatch.setattr(peers, "_run", lambda command, peer, home: commands.append(command))
    for _ in range(2):
        with ExitStack() as running:
            list(peers.targets(running, tmp_path, print))
    assert len([command for command in commands if "install" in command]) == len(peers.PEERS)


@pytest.mark.parametrize("peer", peers.PEERS, ids=lambda peer: peer.name)
def test_what_a_peer_is_made_with_is_in_the_project(peer):
    assert (peers.HERE / f"{peer.settings}.py").exists()
    for command in peer.commands:
        for word in command.format(here=peers.HERE).split():
            assert not word.endswith(".py") or Path(word).exists()


def _turns(cpu_us: float) -> list[Load]:
    return [Load(requests_per_second=100, cpu_us=cpu_us, p50_ms=1, p99_ms=2)]


def test_ours_is_held_against_the_best_of_the_cached_peers():
    codered, django_cms = peers.CACHED
    turns = {served.STORED: _turns(200), codered: _turns(500), django_cms: _turns(900)}
    assert served.peers_aim(Results(turns=turns)).value == 2.5
    # One that could not be measured is no reason to believe that ours is the best.
    assert served.peers_aim(Results(turns={served.STORED: _turns(200)})).is_met is None
