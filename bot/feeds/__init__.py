"""Feeds: polled on a schedule, their new entries taken in as documents."""
