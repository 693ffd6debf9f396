"""`rizhi …` within the process of the tests, as `subprocess.run` would return it, but without its start."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from bot.logs import QUIET
from tests.secrecy import WATCH


def run_here(
    main: Callable[[], None], arguments: tuple[str | Path, ...], folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Return what the command printed and its exit status. Nobody is at its keyboard."""
    command = ["rizhi", *map(str, arguments)]
    out, errors = StringIO(), StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(errors):
        patch.chdir(folder)
        for name in list(os.environ):
            patch.delenv(name)
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", command)
        patch.setattr(sys, "stdin", StringIO())
        with logging_as_it_was():
            status = _exit_status(main)
    WATCH.look_through(out.getvalue() + errors.getvalue())
    return subprocess.CompletedProcess(command, status, out.getvalue(), errors.getvalue())


def _exit_status(main: Callable[[], None]) -> int:
    try:
        main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


@contextmanager
def logging_as_it_was() -> Iterator[None]:
    """Give back the handlers and hooks (pytest's own) and the levels that a command sets."""
    hooks = sys.excepthook, sys.unraisablehook, threading.excepthook
    root = logging.getLogger()
    loggers = [root, *map(logging.getLogger, QUIET)]
    handlers, levels = root.handlers, [logger.level for logger in loggers]
    root.handlers = []
    try:
        yield
    finally:
        sys.excepthook, sys.unraisablehook, threading.excepthook = hooks
        logging.captureWarnings(False)
        root.handlers = handlers
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
