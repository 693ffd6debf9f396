"""What a poll is: what it asks, what can be chosen, and who chose what. It changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Poll:
    """A poll as it stands. `correct` are the right options of a quiz, empty for a plain poll."""

    id: str
    question: str
    options: tuple[str, ...]
    anonymous: bool = True
    several: bool = False
    """Whether more than one option may be chosen."""
    revoting: bool = True
    """Whether a vote can be changed or taken back."""
    correct: tuple[int, ...] = ()
    explanation: str = ""
    closed: bool = False
    votes: dict[int, tuple[int, ...]] = field(default_factory=dict)
    """The chosen options by the voter's number."""

    def as_json(self) -> dict[str, Any]:
        """Return the Poll as the Bot API writes it."""
        chosen = [option for vote in self.votes.values() for option in vote]
        shown: dict[str, Any] = {
            "id": self.id,
            "question": self.question,
            "options": [
                {"persistent_id": str(at), "text": text, "voter_count": chosen.count(at)}
                for at, text in enumerate(self.options)
            ],
            "total_voter_count": len(self.votes),
            "is_closed": self.closed,
            "is_anonymous": self.anonymous,
            "type": "quiz" if self.correct else "regular",
            "allows_multiple_answers": self.several,
            "allows_revoting": self.revoting,
            "members_only": False,
        }
        quiz: dict[str, Any] = {"correct_option_ids": list(self.correct), "explanation": self.explanation}
        return shown | {key: value for key, value in quiz.items() if value}
