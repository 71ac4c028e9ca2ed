"""How often the rules that a draft adds or changes fire, in words."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from app.cli.rules.looking import counted

if TYPE_CHECKING:
    from app.workflows.rules.schemas import ChangedRuleOut, CutOut


def beside(rules: "Sequence[ChangedRuleOut]", tasks: int) -> dict[str, str]:
    """By rule: «fires on 12 of 132 open tasks», and what its group's bound takes away."""
    return {rule.rule: _fires(rule, tasks) for rule in rules}


def silent_or_cut(rules: "Sequence[ChangedRuleOut]", tasks: int) -> Iterator[str]:
    """What looks like a mistake: rules that fire on no task, and those of which a bound leaves less than half."""
    if not tasks:
        return
    silent = [rule.rule for rule in rules if not rule.fires]
    if silent:
        fire = "fires" if len(silent) == 1 else "fire"
        yield f"{_listed(silent)} {fire} on none of {counted(tasks, 'open task')}."
    for rule in rules:
        if rule.cut and rule.cut.mostly:
            yield f"{rule.rule} adds little: {_cut(rule.cut)}."


def _fires(rule: "ChangedRuleOut", tasks: int) -> str:
    fires = f"{rule.fires:,}" if rule.fires else "none"
    cut = f"; {_cut(rule.cut)}" if rule.cut else ""
    return f"fires on {fires} of {counted(tasks, 'open task')}{cut}"


def _cut(cut: "CutOut") -> str:
    """«the bound of the group people cuts 312 of its 480 points on 12 tasks»."""
    tasks = counted(cut.tasks, "task")
    return f"the bound of the group {cut.group} cuts {cut.points:,} of its {cut.of:,} points on {tasks}"


def _listed(names: list[str], most: int = 5) -> str:
    """«a, b and c»; of more than `most`, how many others there are."""
    shown = names if len(names) <= most + 1 else [*names[:most], f"{len(names) - most} others"]
    return f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else shown[0]
