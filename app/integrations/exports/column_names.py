"""What columns are called, in trackers and in English, German, French and Spanish: names as columns.plain_name leaves
them, the surest first."""

from collections.abc import Mapping

from app.integrations.contract import Field


def _names(text: str) -> tuple[str, ...]:
    return tuple(" ".join(name.split()) for name in text.split(",") if name.strip())


NAMES: Mapping[Field, tuple[str, ...]] = {
    "title": _names(
        """title, summary, task name, card name, issue title, task title, ticket title, subject, headline, task, to do,
        todo, name, content, issue, item, item name, action, action item, what, story, feature, bug, ticket,
        card, aufgabe, titel, betreff, zusammenfassung, bezeichnung, vorgang, titre, tâche, tache, objet,
        intitulé, sujet, nom, título, titulo, tarea, asunto, nombre, resumen, text"""
    ),
    "text": _names(
        """description, details, detail, body, notes, note, card description, task description, issue description, task
        content, long description, text, comment, comments, remarks, remark, content, beschreibung, notizen,
        notiz, bemerkung, anmerkungen, kommentar, descripción, descripcion, notas, commentaire, remarques,
        détails"""
    ),
    "status": _names(
        """status, state, stage, task status, issue status, ticket status, progress status, workflow state, workflow,
        list name, list, section/column, column, column name, board column, phase, progress, bucket name,
        bucket, status name, kanban status, done, completed, complete, is done, is completed, done?,
        completed?, finished, closed, checked, due complete, zustand, stand, phase, erledigt, abgeschlossen,
        statut, état, etat, avancement, terminé, fait, estado, situación, etapa, hecho, completado"""
    ),
    "priority": _names(
        """priority, prio, priority level, task priority, issue priority, urgency, importance, severity, criticality,
        prio., priorität, prioritaet, dringlichkeit, wichtigkeit, priorité, priorite, urgence, prioridad,
        urgencia"""
    ),
    "due": _names(
        """due date, due, due on, due at, due by, deadline, date due, duedate, due time, target date, needed by, finish
        by, complete by, to be done by, expires, expected date, eta, planned finish, planned end date, end
        date, due date time, fällig, fällig am, fälligkeit, fälligkeitsdatum, faellig, faellig am,
        faelligkeit, faelligkeitsdatum, frist, termin, abgabe, zieldatum, échéance, echeance, date limite,
        date d échéance, à rendre, pour le, fecha límite, fecha limite, vencimiento, fecha de vencimiento,
        plazo, vence, entrega"""
    ),
    "scheduled": _names(
        """scheduled, scheduled for, scheduled at, scheduled date, do date, do on, start date, start on, starts, start,
        planned start, planned start date, begin, geplant, geplant am, startdatum, beginn, date de début,
        début, fecha de inicio, inicio"""
    ),
    "started": _names("""started, started at, started on, date started, in progress since, actual start, begonnen"""),
    "finished": _names(
        """completed at, completed on, completed date, date completed, completion date, completed time, finished at,
        finished on, finished, closed at, closed on, closed date, date closed, resolved, resolved at,
        resolution date, resolutiondate, resolved date, done at, done on, done date, date done, completed,
        closed, erledigt am, abgeschlossen am, terminé le, fermé le, completado el"""
    ),
    "created": _names(
        """created, created at, created on, created date, date created, creation date, created time, creation time,
        opened, opened at, reported at, reported on, added, added at, added on, date added, submitted,
        submitted at, entry, inserted at, timestamp, erstellt, erstellt am, angelegt am, erstellungsdatum,
        créé le, cree le, date de création, creado, creado el, fecha de creación"""
    ),
    "changed": _names(
        """updated, updated at, updated on, last updated, last updated at, modified, modified at, last modified, last
        modified at, last modified time, last edited time, last edited, edited, changed, changed at, last
        changed, last change, last activity date, last activity, date modified, update time, geändert,
        geändert am, zuletzt geändert, modifié le, dernière modification, modificado, última modificación,
        actualizado"""
    ),
    "assignee": _names(
        """assignee, assignees, assigned to, assigned, owner, responsible, responsible person, assignee name, owners,
        task owner, assign, assign to, assigned user, person, people, members, who, dri, doer, accountable,
        lead, pic, assignee email, agent, verantwortlich, zuständig, zustaendig, zugewiesen, zugewiesen an,
        bearbeiter, bearbeiterin, person in charge, wer, responsable, assigné, assigné à, assigne a,
        attribué à, personne, asignado, asignado a, encargado, encargada, persona"""
    ),
    "creator": _names(
        """creator, created by, author, reporter, reported by, requester, requested by, submitter, submitted by, opened
        by, raised by, from, added by, requestor, erstellt von, autor, melder, ersteller, auteur, créé par,
        demandeur, creado por, autora, solicitante"""
    ),
    "labels": _names(
        """labels, label, tags, tag, keywords, keyword, categories, category, topics, topic, components, component,
        issue type, type, etiketten, schlagworte, schlagwörter, kategorie, kategorien, étiquettes,
        etiquettes, catégorie, etiquetas, etiqueta, categoría, categorías"""
    ),
    "project": _names(
        """project, project name, projects, epic, epic link, epic name, initiative, board name, board, milestone,
        parent project, area, workstream, team, product, repository, repo, list title, goal, plan name,
        projekt, vorhaben, meilenstein, projet, jalon, proyecto, hito"""
    ),
    "id": _names(
        """issue key, key, id, task id, card id, issue id, ticket id, item id, identifier, uuid, guid, ticket number,
        number, issue number, ticket no, ticket #, issue #, #, no, no., nr, nr., ticket key, shortlink,
        short link, gid, nummer, vorgangsnummer, kennung, numéro, número, bug id, case number, reference,
        ref"""
    ),
    "url": _names("url, link, card url, issue url, html url, web url, task url, permalink, short url, weblink, href"),
    "depends_on": _names(
        """depends on, dependencies, dependency, blocked by, blocked by dependencies, is blocked by, inward issue link
        blocks, waiting for, waiting on, predecessors, predecessor, prerequisites, requires, depends, hängt
        ab von, abhängig von, vorgänger, blockiert von, dépend de, bloqué par, depende de, bloqueado por"""
    ),
}

WORDS: Mapping[Field, frozenset[str]] = {
    "due": frozenset(("due", "deadline", "fällig", "fälligkeit", "échéance", "vencimiento")),
    "status": frozenset(("status", "state", "stage", "statut", "estado")),
    "priority": frozenset(("priority", "prio", "priorität", "priorité", "prioridad")),
    "assignee": frozenset(("assignee", "assignees", "assigned", "owner", "responsible", "verantwortlich")),
    "labels": frozenset(("labels", "tags")),
    "title": frozenset(("title", "summary", "titel", "titre", "título")),
}
"""Words that tell what a longer name means («Ticket status»), where nothing stands exactly."""

OTHER_MEANINGS = frozenset(
    _names(
        """sla, category, categories, changed, color, colour, count, since, time, total, id, ids, email, parent, old,
        previous, former, age, updated, created, number, url, by, reason, budget, cost, fee, amount, paid, reminder,
        complete, project, history"""
    )
)
"""A longer name with one of these speaks of something beside it: «Status category», «Owner id», «Due complete»."""
