"""What must always hold of tasks and items, besides what their tables enforce, for `watchfloor db check`.

Tombstones are left out where nothing derives them any more: a deleted task keeps its items, a merged one has none.
"""

from sqlalchemy import and_, case, extract, func, or_, select

from app.core.integrity import Invariant
from app.domains.ranking import TIER_ORDER
from app.domains.tasks.models import NO_DUE, ConversationKey, StoredItem, Task, TaskFacts

_AGAIN = "Change a setting of who «we» are, and back, with the program running: every task is derived anew."
_TELL = "Report it as a defect, with this output: the program should never have let it come to this."
_ELSEWHERE = "A task stands elsewhere in the queue than its score or due date says."

_living = select(Task.id).where(Task.deleted_at.is_(None))
_merged = select(Task.id).where(Task.merged_into.is_not(None))
_tier = case(dict(TIER_ORDER), value=Task.tier, else_=-1)
# SQLite rounds to milliseconds before it cuts off: a second of difference is none.
_due_is_off = or_(
    and_(Task.due_at.is_(None), Task.rank_due != NO_DUE),
    and_(Task.due_at.is_not(None), func.abs(extract("epoch", Task.due_at) - Task.rank_due) > 1),
)

INVARIANTS = (
    Invariant(
        "A task has no facts, so it is never ranked again.",
        "task_facts",
        _living.where(Task.id.not_in(select(TaskFacts.task_id))),
        _AGAIN,
    ),
    Invariant(_ELSEWHERE, "tasks.rank_tier", _living.where(Task.rank_tier != _tier), _AGAIN),
    Invariant(_ELSEWHERE, "tasks.rank_points", _living.where(Task.rank_points != -Task.points_milli), _AGAIN),
    Invariant(_ELSEWHERE, "tasks.rank_due", _living.where(_due_is_off), _AGAIN),
    Invariant(
        "A task is snoozed without end.",
        "tasks.snoozed_until",
        _living.where(Task.status == "snoozed", Task.snoozed_until.is_(None)),
        "Reopen these tasks.",
    ),
    Invariant(
        "A task was merged, and still stands or was merged into itself.",
        "tasks.merged_into",
        _merged.where(or_(Task.deleted_at.is_(None), Task.merged_into == Task.id)),
        _TELL,
    ),
    Invariant(
        "An item that is no mere context belongs to no task, so nobody sees it.",
        "items.task_id",
        select(StoredItem.id).where(StoredItem.task_id.is_(None), StoredItem.loose.is_(False)),
        _TELL,
    ),
    Invariant(
        "An item stayed behind in a task that was merged into another.",
        "items.task_id",
        select(StoredItem.id).where(StoredItem.task_id.in_(_merged)),
        _TELL,
    ),
    Invariant(
        "Later messages would be led to a task that was merged into another.",
        "conversation_keys.task_id",
        select(ConversationKey.key).where(ConversationKey.task_id.in_(_merged)),
        _TELL,
    ),
)
