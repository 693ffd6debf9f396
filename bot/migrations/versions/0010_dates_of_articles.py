"""Articles by date, for what is narrowed to a time."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_article_date", "article", ["date"])


def downgrade() -> None:
    op.drop_index("ix_article_date", table_name="article")
