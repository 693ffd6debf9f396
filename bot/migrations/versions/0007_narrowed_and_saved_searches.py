"""What a search is narrowed to and its order; searches that somebody keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("search", sa.Column("document_id", sa.Integer(), nullable=True))
    op.add_column("search", sa.Column("year", sa.Integer(), nullable=True))
    order = sa.Column("order", sa.String(length=10), server_default="relevance", nullable=False)
    op.add_column("search", order)
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("order", sa.String(length=10), server_default="relevance", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("saved_search", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_search_user_id"), ["user_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("saved_search", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_search_user_id"))

    op.drop_table("saved_search")
    op.drop_column("search", "order")
    op.drop_column("search", "year")
    op.drop_column("search", "document_id")
