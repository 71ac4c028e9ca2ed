"""Metrics as JSON."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

_EXAMPLE: dict[str, Any] = {
    "metrics": [
        {
            "name": "watchfloor_jobs_due",
            "type": "gauge",
            "unit": "",
            "help": "Jobs that could be done now and wait.",
            "samples": [{"name": "watchfloor_jobs_due", "labels": {"job": "pull"}, "value": 0}],
        }
    ]
}


class Sample(BaseModel):
    """One number."""

    name: str = Field(description="The metric's name, for a counter with _total, for a histogram with its part.")
    labels: dict[str, str] = Field(description="What it is the number of.")
    value: float = Field(description="The number, in the metric's unit.")


class MetricOut(BaseModel):
    """One metric with all its numbers."""

    name: str = Field(description="As Prometheus calls it.")
    type: Literal["counter", "gauge", "histogram", "info", "stateset", "summary", "unknown"] = Field(
        description="A counter only grows; a gauge is how something stands now."
    )
    unit: str = Field(description="seconds, or empty for plain numbers.")
    help: str = Field(description="What it says.")
    samples: list[Sample] = Field(description="Its numbers.")


class MetricsOut(BaseModel):
    """The same as /metrics."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    metrics: list[MetricOut] = Field(description="In no order that means anything.")
