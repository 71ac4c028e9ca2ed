"""What may go wrong with one task, so that it must not stop all others, and what no task is to blame for."""

from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.core.errors import Problem

DATABASE_AWAY = (OperationalError, InterfaceError, PoolTimeout)
"""No task is to blame for these."""
DEFECTS = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError),
    *(Problem, SQLAlchemyError),
)
"""What code raises that meets a task it was not made for, and a database that is given what it can't store."""
