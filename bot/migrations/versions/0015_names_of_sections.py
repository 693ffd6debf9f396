"""Articles by section, for the names of all sections."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    short = sa.text("length(section) <= 500")
    op.create_index("ix_article_section", "article", ["section"], sqlite_where=short, postgresql_where=short)


def downgrade() -> None:
    op.drop_index("ix_article_section", "article")
