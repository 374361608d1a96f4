"""What every table of the store is made with."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, MetaData

metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"},
)


def key(name: str, *, primary: bool = False, nullable: bool = False) -> Column[int]:
    """Give a column of integer keys, which the store draws itself."""
    return Column(name, BigInteger, primary_key=primary, nullable=nullable, autoincrement=False)
