"""A cable between a process and its PostgreSQL: when it is cut, nothing comes through, and nobody is told."""

from __future__ import annotations

import socket
import tempfile
import threading
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

SOCKET = ".s.PGSQL.5432"
"""The name of PostgreSQL's socket in the folder that a URL gives as its host."""


class Cable:
    """Passes on what goes to the database at `url`; `self.url` is its end for the process."""

    def __init__(self, url: str) -> None:
        [host] = parse_qs(urlsplit(url).query)["host"]
        self._folder = tempfile.TemporaryDirectory(prefix="cable-")  # sockets have short names
        self.url = url.replace(host, self._folder.name)
        self._server = f"{host}/{SOCKET}"
        self._whole = threading.Event()
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(f"{self._folder.name}/{SOCKET}")
        self._listener.listen()
        self.mend()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Let nothing through, either way."""
        self._whole.clear()

    def mend(self) -> None:
        """Let through what waits, and all that comes."""
        self._whole.set()

    def close(self) -> None:
        """Take no new connection."""
        self.mend()
        self._listener.close()
        self._folder.cleanup()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                process, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._server)
                for ends in ((process, server), (server, process)):
                    threading.Thread(target=self._pass, args=ends, daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(1 << 16):
                self._whole.wait()
                sink.sendall(data)
        self._whole.wait()
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
