"""`rizhi demo`: the bot in a chat page of this machine's own, with no token and no account."""

from __future__ import annotations

import asyncio
import errno
import webbrowser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from bot.clock import Clock
from bot.commands.run import until_told
from bot.demo.chat import ChatPage
from bot.demo.scene import Scene
from bot.demo.server import BotApiServer
from bot.settings import Settings

PORT = 7300
"""Half past seven, when the digest comes."""
PORTS_TO_TRY = 20
TERMINAL_BROWSERS = ("www-browser", "links", "elinks", "lynx", "w3m")


@click.command()
@click.option(
    "--port", default=PORT, show_default=True, type=click.IntRange(0, 65535), help="0: any free one."
)
@click.option("--no-browser", is_flag=True, help="Open no browser.")
@click.option(
    "--documents",
    type=click.Path(exists=True, resolve_path=True, path_type=Path),
    help="Documents to read as well.",
)
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the database and the chats in this folder.",
)
@click.pass_obj
def demo(settings: Settings, port: int, no_browser: bool, documents: Path | None, keep: Path | None) -> None:
    """Try the bot in the browser: no token, no account."""
    clock = Clock()
    with folder_for(keep) as folder, serving(clock, settings, port) as scene, chats_in(keep, scene):
        if scene.api.port != port and port:
            click.echo(f"Port {port} is in use; taking {scene.api.port}.")
        click.echo(f"The demo is at {scene.api.url}/ (Ctrl-C ends it).")
        if not no_browser and not open_browser(f"{scene.api.url}/"):
            click.echo("No browser could be opened: open the address yourself.")
        asyncio.run(until_told(playing(scene, settings, folder, documents)))
    click.echo(f"Kept in {keep}." if keep else "Nothing was kept.")


async def playing(scene: Scene, settings: Settings, folder: Path, documents: Path | None) -> None:
    """Play the demo; what that needs is loaded while the page is already there."""
    from bot.demo.playing import demo_settings, play

    await play(scene, demo_settings(settings, scene, folder), documents)


@contextmanager
def folder_for(keep: Path | None) -> Iterator[Path]:
    """Yield the folder to keep things in, or one that is gone at the end."""
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with TemporaryDirectory(prefix="rizhi-demo-") as folder:
        yield Path(folder)


@contextmanager
def chats_in(keep: Path | None, scene: Scene) -> Iterator[None]:
    """Go on with the chats that are kept in the folder, and keep them at the end; with none, do nothing."""
    if keep is None:
        yield
        return
    from bot.demo.keeping import kept

    with ExitStack() as stack:
        try:
            stack.enter_context(kept(scene, keep))
        except (ValueError, LookupError, TypeError, OSError) as error:
            raise click.ClickException(f"the chats in {keep} cannot be read: {error!r}") from error
        yield


@contextmanager
def serving(clock: Clock, settings: Settings, port: int) -> Iterator[Scene]:
    """Yield the scene with its page served, at this port or the next that is free."""
    for candidate in range(port, min(port + PORTS_TO_TRY, 65536)):
        api = BotApiServer(port=candidate, now=clock.now)
        scene = Scene(api, clock, settings.default_timezone, settings.default_time)
        scene.enter()
        api.api.routes[:0] = ChatPage(scene).routes
        try:
            api.start()
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            continue
        try:
            yield scene
        finally:
            api.stop()
        return
    raise click.ClickException(f"no port from {port} on is free")


def open_browser(address: str) -> bool:
    """Open the address; False where there is no browser, or only one that would take over the terminal."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    return Path(browser.name).name not in TERMINAL_BROWSERS and browser.open(address)
