"""What a stream of events tells: the description of its route (docs/events.md has examples)."""

EVENTS = """
What happens, as it happens, as server-sent events. Each `data` is a JSON object with `at`, and by type:

- `task.changed`: `{task, version, verb, actor}`. Somebody changed a task; `verb` is what they did: `create`, `edit`,
  `complete`, `reopen`, `snooze`, `decline`, `assign`, `claim`, `merge`, `split`, `delete`, `label`, `due`, `undo`,
  `rank-above`, `relate` or `unrelate`. `{task, write}`: what its source was told of it came to an end.
- `queue.changed`: `{changed, ids?, verb?, actor?, integration?, name?}`. So many tasks changed or moved together: by an
  action on many, by a pull or an import, by the clock or by other rules. `ids` where they are at most 200. `changed` is
  left out where some of them are hidden from you.
- `sync.progress`: `{integration, name, run, state, what, part, read, new, updated, unchanged, refused, gone, pages}`.
- `integration.changed`: `{integration, name, state}`; once it is deleted `{integration, state: "deleted"}`.
- `level.changed`: `{name, kind, level, before, reason, since, integration?}`.
- `connected`: `{}`. The stream begins, behind the event with this id. Sent first, whatever `types` says.
- `reset`: `{reason}`. What you missed can't be told any more: load anew what you show. Sent whatever `types` says.

Without an id the stream begins now. A client that resumes hears everything since its last event, of the last six hours;
the latest may come twice, none is missed. Nobody hears of what they may not see.
"""
