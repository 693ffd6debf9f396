"""The routes of the bot's web server."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import Route

from bot.handlers.context import Services
from bot.web.exposed import Exposed
from bot.web.health import Health
from bot.web.webhook import Webhook, webhook_path


def make_web(services: Services) -> Starlette:
    """Return the application to serve."""
    settings = services.settings
    health = Health(services)
    token = settings.metrics_token.get_secret_value() if settings.metrics_token else None
    receive = Webhook(services.inbox, settings.resolved_webhook_secret).receive
    return Starlette(
        routes=[
            Route(webhook_path(settings), receive, methods=["POST"]),
            Route("/healthz", health.alive),
            Route("/readyz", health.ready),
            Route("/metrics", Exposed(services, token).answer),
        ]
    )
