"""A slow line: all that goes between a browser and a server, late and at a bounded rate."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import monotonic

_PACKET = 1400


@dataclass
class Way:
    """One direction, which all connections share."""

    bits_per_second: int
    delay_seconds: float
    bytes: int = 0
    free_at: float = 0

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        on_its_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        delivery = asyncio.create_task(_deliver(on_its_way, writer))
        try:
            while packet := await reader.read(_PACKET):
                self.bytes += len(packet)
                self.free_at = (
                    max(monotonic(), self.free_at) + len(packet) * 8 / self.bits_per_second
                )
                on_its_way.put_nowait((self.free_at + self.delay_seconds, packet))
                await asyncio.sleep(self.free_at - monotonic())
        finally:
            on_its_way.put_nowait((monotonic() + self.delay_seconds, b""))
            await delivery


async def _deliver(
    on_its_way: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter
) -> None:
    with suppress(ConnectionError):
        while True:
            when, packet = await on_its_way.get()
            await asyncio.sleep(when - monotonic())
            if not packet:
                break
            writer.write(packet)
            await writer.drain()
    writer.close()


class Line:
    """What Lighthouse calls slow 4G: 1.6 Mbit/s down, 0.75 up, 150 ms there and back."""

    def __init__(self, port: int) -> None:
        self._server_port = port
        self.up, self.down = Way(750_000, 0.075), Way(1_600_000, 0.075)
        self.port = 0
        self._ends: list[asyncio.StreamWriter] = []

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(self.up.delay_seconds + self.down.delay_seconds)  # the handshake of TCP
        with suppress(ConnectionError):
            there = await asyncio.open_connection("127.0.0.1", self._server_port)
            self._ends += [writer, there[1]]
            await asyncio.gather(
                self.up.carry(reader, there[1]), self.down.carry(there[0], writer),
                return_exceptions=True,
            )  # fmt: skip

    async def hang_up(self) -> None:
        for end in self._ends:
            end.close()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*left, return_exceptions=True)


@contextmanager
def slow_line(port: int) -> Iterator[Line]:
    """The line to a server's port, in a thread of its own until it is no longer needed."""
    line, loop = Line(port), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    starting = asyncio.start_server(line.meet, "127.0.0.1")
    server = asyncio.run_coroutine_threadsafe(starting, loop).result()
    line.port = server.sockets[0].getsockname()[1]
    try:
        yield line
    finally:
        loop.call_soon_threadsafe(server.close)
        asyncio.run_coroutine_threadsafe(line.hang_up(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
