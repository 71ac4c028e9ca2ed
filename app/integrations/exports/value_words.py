"""The words of statuses and priorities in English, German, French and Spanish, as values.plain leaves them."""

from typing import Literal

Status = Literal["open", "done", "declined"]
Priority = Literal["low", "normal", "high", "urgent"]


def _words(text: str) -> frozenset[str]:
    return frozenset(" ".join(word.split()) for word in text.split(",") if word.strip())


DONE_WORDS = _words(
    """done, complete, completed, completion, closed, close, resolved, fixed, finished, shipped, released,
    deployed, delivered, merged, launched, published, live, solved, implemented, achieved, accomplished,
    archived, handled, verified, in production, closed done, done done, completed fully, ready for
    release done, all done, wrapped up, erledigt, fertig, abgeschlossen, geschlossen, gelöst, behoben,
    beendet, archiviert, umgesetzt, veröffentlicht, terminé, terminée, fini, fait, fermé, fermée, résolu,
    résolue, clos, clôturé, livré, publié, archivé, hecho, hecha, completado, completada, terminado,
    terminada, cerrado, cerrada, resuelto, resuelta, finalizado, finalizada, entregado, publicado,
    archivado"""
)
DECLINED_WORDS = _words(
    """canceled, cancelled, cancel, declined, rejected, wontfix, wont fix, wont do, will not fix, will not do,
    not doing, duplicate, duplicated, duplicate of, invalid, not a bug, not an issue, not planned, not
    applicable, abandoned, dropped, obsolete, discarded, deleted, removed, killed, scrapped, withdrawn,
    out of scope, works for me, worksforme, cannot reproduce, cant reproduce, cannot be reproduced,
    unable to reproduce, works as designed, as designed, by design, works as intended, no longer needed,
    superseded, denied, void, trashed, won t do, won t fix, can t reproduce, abgebrochen, abgelehnt,
    storniert, verworfen, hinfällig, duplikat, wird nicht gemacht, gelöscht, annulé, annulée, refusé,
    rejeté, abandonné, doublon, cancelado, cancelada, rechazado, rechazada, descartado, duplicado,
    eliminado"""
)
OPEN_WORDS = _words(
    """open, opened, new, reopened, re opened, todo, to do, to be done, not started, unstarted, not yet started,
    started, not done, incomplete, not complete, not completed, unresolved, undone, unfinished, in
    progress, progress, inprogress, doing, wip, work in progress, ongoing, active, current, in
    development, development, implementing, in work, working, working on it, review, in review, under
    review, code review, peer review, needs review, for review, ready for review, waiting for review,
    testing, in testing, in test, test, qa, in qa, ready for qa, ready for test, ready for testing,
    staging, uat, backlog, icebox, inbox, someday, planned, planning, scheduled, upcoming, next, next up,
    up next, ready, ready to start, ready for dev, ready for development, selected for development, this
    week, today, later, queued, queue, triage, needs triage, to triage, triaged, untriaged, unconfirmed,
    confirmed, assigned, unassigned, accepted, acknowledged, pending, waiting, waiting for, waiting on
    customer, waiting for customer, waiting for support, on hold, hold, paused, blocked, stuck, stalled,
    deferred, postponed, snoozed, proposed, idea, ideas, draft, drafting, in discussion, discussion,
    needs info, needs information, need more info, investigating, in analysis, analysis, escalated, at
    risk, on track, off track, overdue, almost done, nearly done, in queue, requested, approved, awaiting
    approval, pending approval, ready to merge, ready to deploy, ready for release, patch available,
    recurring, needsinfo, needs action, action needed, in bearbeitung, offen, neu, zu erledigen, in
    arbeit, begonnen, nicht begonnen, geplant, wartet, wartend, blockiert, in prüfung, zurückgestellt,
    unerledigt, laufend, à faire, a faire, en cours, en attente, ouvert, ouverte, nouveau, nouvelle,
    bloqué, bloquée, planifié, à valider, por hacer, pendiente, en curso, en progreso, en proceso,
    abierto, abierta, nuevo, nueva, bloqueado, bloqueada, sin empezar, en espera, planificado"""
)

_URGENT = """urgent, urgently, critical, crit, blocker, blocking, highest, very high, immediate, immediately, asap,
    emergency, top, showstopper, severe, p0, s0, sev0, sev1, dringend, sehr hoch, kritisch, sofort,
    höchste, höchster, critique, urgente, très haute, crítica, crítico, inmediata, muy alta, must, must
    have, 1"""
_HIGH = """high, hi, h, important, p1, s1, sev2, higher, elevated, hoch, hohe, hoher, wichtig, haute, haut, élevée,
    élevé, elevee, importante, alta, alto, should, should have, 2"""
_NORMAL = """normal, medium, med, m, mid, moderate, middle, average, default, standard, regular, major, p2, s2, sev3,
    mittel, mittlere, mittlerer, moyenne, moyen, normale, media, medio, could, could have, 3"""
_LOW = """low, lo, l, lower, lowest, minor, trivial, very low, nice to have, someday, whenever, optional, p3, p4,
    p5, s3, s4, sev4, sev5, niedrig, niedrige, gering, niedrigste, unwichtig, basse, bas, faible, baja,
    bajo, enhancement, 4, 5"""
_NONE = """none, no priority, no prio, unset, not set, unprioritized, unspecified, undefined, n a, na, null, nil,
    keine, aucune, ninguna, sin prioridad, 0, --, ---, -"""

PRIORITY_WORDS: dict[str, Priority | Literal[""]] = {
    **dict.fromkeys(_words(_URGENT), "urgent"),
    **dict.fromkeys(_words(_HIGH), "high"),
    **dict.fromkeys(_words(_NORMAL), "normal"),
    **dict.fromkeys(_words(_LOW), "low"),
    **dict.fromkeys(_words(_NONE), ""),
}
"""«Major» is normal: it is what Jira gives to an issue of which nobody said more. P1 stands below P0, the number 1
below nothing."""

PRIORITY_MARKS: dict[str, Priority] = {
    "🔺": "urgent",
    "🚨": "urgent",
    "🔥": "urgent",
    "‼": "urgent",
    "!!!": "urgent",
    "⏫": "high",
    "🔴": "high",
    "❗": "high",
    "!!": "high",
    "⬆": "high",
    "🟠": "high",
    "🔼": "normal",
    "🟡": "normal",
    "!": "normal",
    "➡": "normal",
    "🔽": "low",
    "⏬": "low",
    "🟢": "low",
    "🔵": "low",
    "⬇": "low",
    "⚪": "low",
}

TRUE_WORDS = frozenset(
    (
        "yes",
        "y",
        "true",
        "t",
        "x",
        "[x]",
        "1",
        "on",
        "checked",
        "✓",
        "✔",
        "✅",
        "☑",
        "ja",
        "wahr",
        "oui",
        "vrai",
        "sí",
        "si",
    )
)
UNTRUE_WORDS = frozenset(
    ("no", "n", "false", "f", "0", "off", "unchecked", "[ ]", "[]", "☐", "⬜", "nein", "falsch", "non", "faux")
)
NOBODY = frozenset(("", "unassigned", "nobody", "none", "no one", "n a", "na", "null", "niemand", "personne", "nadie"))
