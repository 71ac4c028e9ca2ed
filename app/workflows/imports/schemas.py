"""Tables as the API shows them before they are imported."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from app.integrations.contract import Column, Manifest, Table
from app.records import Item, Work


class ColumnOut(BaseModel):
    """A column, and what it is taken to mean."""

    name: str = Field(examples=["Fälligkeit"], description="As written there.")
    field: str | None = Field(examples=["due"], description="null: kept and shown, without a meaning for the ranking.")
    why: str = Field(examples=["by its name"], description="What tells so.")
    examples: list[str] = Field(description="At most three different values.")


class FieldOut(BaseModel):
    """A cell that is kept as it is."""

    name: str = Field(description="The column.")
    value: str = Field(description="What stands in it.")


class RowOut(BaseModel):
    """A row as its task would be."""

    title: str = Field(description="What the task would be called.")
    status: str | None = Field(description="open, done or declined; null for a row that would be a record and no task.")
    status_name: str = Field(description="As it is called there.")
    due_at: datetime | None = Field(description="When it would be due.")
    priority: str = Field(
        description="low, normal, high or urgent where the word there is known; else as written there."
    )
    assignees: list[str] = Field(description="Who is to do it, by name.")
    project: str = Field(description="What it belongs to.")
    labels: list[str] = Field(description="Its labels there.")
    fields: list[FieldOut] = Field(description="Every other column that holds something.")
    not_for_us: str | None = Field(description="Why it would be no task.")
    problems: list[str] = Field(description="What could not be read as it should.")


class TableOut(BaseModel):
    """A table of the file."""

    name: str = Field(description="As it is called there.")
    columns: list[ColumnOut] = Field(description="In their order.")
    rows: list[RowOut] = Field(description="The first few.")


class PreviewOut(BaseModel):
    """How a file would be read. Nothing is stored."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"kind": "mbox", "tables": []}]})

    kind: str = Field(examples=["csv"], description="What the file was recognised as, or named to be.")
    tables: list[TableOut] = Field(description="Empty for a kind that reads no columns.")


def preview_out(manifest: Manifest, tables: tuple[Table, ...]) -> PreviewOut:
    return PreviewOut(kind=manifest.kind, tables=[_table(table) for table in tables])


def _table(table: Table) -> TableOut:
    columns = [_column(column) for column in table.columns]
    return TableOut(name=table.name, columns=columns, rows=[_row(item) for item in table.rows])


def _column(column: Column) -> ColumnOut:
    return ColumnOut(name=column.name, field=column.field, why=column.why, examples=list(column.examples))


def _row(item: Item) -> RowOut:
    work = item.work or Work()
    return RowOut(
        title=item.subject,
        status=item.work.status if item.work else None,
        status_name=work.status_name,
        due_at=work.due_at,
        priority=work.priority,
        assignees=[str(person) for person in work.assignees],
        project=work.project,
        labels=list(work.labels),
        fields=[FieldOut(name=name, value=value) for name, value in work.fields],
        not_for_us=item.automation.reason if item.automation else None,
        problems=list(item.problems),
    )
