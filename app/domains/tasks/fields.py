"""The texts of tasks that a request may hold, each with its bounds; app.core.fields has what is no task's alone."""

from typing import Annotated

from pydantic import StringConstraints

from app.core.fields import Clean

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), Clean]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), Clean]
Who = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=320), Clean]
Wanted = Annotated[str, StringConstraints(max_length=320), Clean]
"""One value of a filter."""
