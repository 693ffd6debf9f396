"""What `shared_pace` says to PostgreSQL. Each of these is a transaction of its own, by the database's clock.

`set_config` lets it commit without waiting for the disk.
"""

from __future__ import annotations

from sqlalchemy import text

from bot.delivery.pace import ALARM_SECONDS, ALONE_SECONDS, CHAT_SECONDS, GROUP_BURST, GROUP_SECONDS

MOMENT = """
    moment AS MATERIALIZED (
        SELECT set_config('synchronous_commit', 'off', true),
            CAST(extract(epoch FROM clock_timestamp()) AS float8) AS now,
            CAST(clock_timestamp() AT TIME ZONE 'UTC' AS date) AS today
    )"""
FREE_AT = f"""greatest(
    c.tat - :chat_ahead,
    CASE WHEN c.chat_id < 0 THEN c.minute_tat - {(GROUP_BURST - 1) * GROUP_SECONDS} ELSE 0 END,
    c.parked_until
)"""
TAKE = text(f"""
WITH {MOMENT},
free AS (
    SELECT each.chat_id, row_number() OVER (ORDER BY place) - 1 AS place
    FROM moment CROSS JOIN unnest(CAST(:chats AS bigint[])) WITH ORDINALITY AS each (chat_id, place)
    LEFT JOIN chat_budget c USING (chat_id)
    WHERE c.chat_id IS NULL OR {FREE_AT} <= now
),
room AS (SELECT count(*) AS number, count(*) * CAST(:distance AS float8) AS length FROM free),
booked AS (
    UPDATE rate_budget b
    SET tat = greatest(b.tat, now) + length,
        used = CASE WHEN b.day = today THEN b.used ELSE 0 END + number,
        day = today
    FROM moment, room
    WHERE b.name = :name AND number > 0 AND b.tat <= now + :horizon AND b.paused_until <= now
        AND CASE WHEN b.day = today THEN b.used ELSE 0 END + number <= :ceiling
    RETURNING b.tat AS last, b.tat - length AS first, now
),
asked AS (
    SELECT chat_id, greatest(now, first + place * :distance - :early) AS slot FROM booked, free
),
granted AS (
    INSERT INTO chat_budget AS c (chat_id, tat, minute_tat, parked_until)
    SELECT chat_id, slot + {CHAT_SECONDS}, slot + {GROUP_SECONDS}, 0 FROM asked ORDER BY chat_id
    ON CONFLICT (chat_id) DO UPDATE
    SET tat = greatest(c.tat + {CHAT_SECONDS}, excluded.tat),
        minute_tat = greatest(c.minute_tat + {GROUP_SECONDS}, excluded.minute_tat)
    WHERE {FREE_AT} <= excluded.tat - {CHAT_SECONDS}
    RETURNING chat_id
)
SELECT each.chat_id,
    granted.chat_id IS NOT NULL AS is_granted,
    asked.slot,
    coalesce({FREE_AT}, 0) AS free_at,
    coalesce((SELECT last FROM booked), b.tat) - :horizon AS again_at,
    b.paused_until,
    now,
    number > 0 AND NOT EXISTS (SELECT FROM booked) AS is_full
FROM moment CROSS JOIN room CROSS JOIN unnest(CAST(:chats AS bigint[])) AS each (chat_id)
JOIN rate_budget b ON b.name = :name
LEFT JOIN asked USING (chat_id)
LEFT JOIN granted USING (chat_id)
LEFT JOIN chat_budget c USING (chat_id)
""")  # noqa: S608  only our own constants
"""Slots are taken for the chats that are free; the last part sees the rows as they were before."""

PARK = text(f"""
WITH {MOMENT},
before AS (SELECT parked_until - now AS already FROM chat_budget, moment WHERE chat_id = :chat_id),
parked AS (
    INSERT INTO chat_budget AS c (chat_id, tat, minute_tat, parked_until)
    SELECT :chat_id, 0, 0, now + :seconds FROM moment
    ON CONFLICT (chat_id) DO UPDATE SET parked_until = greatest(c.parked_until, excluded.parked_until)
    RETURNING tat
)
SELECT coalesce((SELECT already FROM before), 0) AS already,
    tat - now <= {CHAT_SECONDS} AS was_paced
FROM parked, moment
""")  # noqa: S608  only our own constants

PAUSE = text(f"""
WITH {MOMENT}
UPDATE rate_budget b
SET paused_until = greatest(b.paused_until, CASE
        WHEN b.alarm_chat_id <> :chat_id AND now - b.alarm_at <= {ALARM_SECONDS}
            THEN least(b.alarm_until, now + :seconds)
        WHEN :was_paced AND :chat_id > 0 THEN now + least(:seconds, {ALONE_SECONDS})
        ELSE 0 END),
    alarm_chat_id = :chat_id, alarm_at = now, alarm_until = now + :seconds
FROM moment
RETURNING b.paused_until, now
""")  # noqa: S608  only our own constants
"""As `pace.pause_until` decides it."""

PREPARE = text("""
INSERT INTO rate_budget (name, tat, paused_until, used) VALUES ('free', 0, 0, 0), ('paid', 0, 0, 0)
ON CONFLICT DO NOTHING
""")
FORGET = text(f"""
WITH {MOMENT}
DELETE FROM chat_budget USING moment WHERE greatest(tat, minute_tat, parked_until) < now
""")  # noqa: S608  only our own constants
