"""What a run remembers of the copies it has seen: which spoke first, at a few bytes each."""

import tracemalloc

from app.domains.tasks.copies import RunMemory
from app.records import Item, Person


def labelled(number: int, *labels: str, content: str = "c") -> Item:
    name = f"{number:050}@mail.example"
    return Item(external_id=name, sent_at=None, sender=Person(), labels=labels, content_hash=f"{content}{number:031}")


def test_the_first_copy_with_labels_speaks_for_all() -> None:
    memory = RunMemory()

    assert not memory.hear(labelled(1))
    assert memory.hear(labelled(1, "Inbox"))
    assert not memory.hear(labelled(1, "Archive"))
    assert memory.hear(labelled(1, "Archive", content="d"))
    assert memory.hear(labelled(2, "Inbox"))


def test_a_labelled_item_costs_a_run_little() -> None:
    memory, count = RunMemory(), 20_000
    tracemalloc.start()
    try:
        for number in range(count):
            memory.hear(labelled(number, "Inbox"))
        used, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert used / count < 150
