"""Who wrote it: a person to people, or a machine, a campaign, a mailbox's own rubbish.

A table of questions, asked in order; the first that has evidence answers, and its reason quotes the evidence.
A human discussion list is not a newsletter: list headers with a person behind them are nobody's automation.
Sources: RFC 3834 (Auto-Submitted), RFC 2369 and 8058 (List-Unsubscribe), RFC 3462 (reports), and the headers that
list managers, bug trackers and bulk mailers really write.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.integrations.mail import bulk, lists
from app.integrations.mail.headers import Headers
from app.integrations.mail.threads import is_reply
from app.records import Automation, Person

ROBOT = re.compile(
    r"(?:cron|daemon|root|nobody|bugzilla(?:-daemon)?|jira|jenkins|builds?|buildbot|automat(?:ic|ed|on)"
    r"|robot|rss-?feeds?"
    r"|svn|cvs|system|mailman-owner|[^@]*-?bot)(?:[-+_.=\d][^@]*)?@",
    re.IGNORECASE,
)
UNATTENDED = re.compile(
    r"(?:[^@]*[-_.])?(?:no-?_?\.?reply|do-?not-?_?\.?reply|donotuse|notifications?|notify|alerts?"
    r"|auto-?confirm|bounces?"
    r"|ship-?confirm|order-?update|receipts?|calendar-notification|gitlab|github|mailer)(?:[-+_.=\d][^@]*)?@"
    r"|[^@]*@(?:[^@]*\.)?(?:alerts?|notifications?|notify)\d*\.[^@]+\.",
    re.IGNORECASE,
)
BOUNCER = re.compile(r"(?:mailer-?daemon|post-?master)@", re.IGNORECASE)
CAMPAIGN_ADDRESS = re.compile(
    r"(?:news-?letters?|news|offers?|deals?|promo(?:tion)?s?|marketing|specials?|sweeps|e-?news|updates?"
    r"|announce(?:ments?)?"
    r"|mailings?|bulk|campaigns?|member-?services?|rewards?|subscriptions?|digest)(?:[-+_.=\d].*)?@"
    r"|(?:owner-)?[^@]*[-_.](?:news-?letter|news|offers?|sweeps|announce|advisory)@"
    r"|[^@]*@(?:[^@]*\.)?(?:e?news-?letters?|mailings?|bounce|e-?mail|em|lists?)\d*\.[^@]+\.",
    re.IGNORECASE,
)
CODED_ADDRESS = re.compile(r"(?=(?:[^@\d]*\d){6})(?=(?:[^@._=#-]*[._=#-]){3})[^@]+@")
"""An address made for one recipient of one mailing: many digits and separators."""
MACHINE_MAILER = re.compile(
    r"rss2email|feed2mail|newspipe|bugzilla|mantis|jira|trac\b|redmine|jenkins|cron|buildbot|logwatch"
    r"|nagios|munin",
    re.IGNORECASE,
)
MAIL_LIBRARY = re.compile(
    r"mail::(?:mailer|sender|sendmail)|swiftmailer|phpmailer|mime::lite|sendemail|php ?/|^php|aspmail"
    r"|jmail|cdonts|cdo for",
    re.IGNORECASE,
)
"""Programs send with these; people do through a web forum that feeds a list, so they speak only outside lists."""
MACHINE_HEADERS = (
    *(
        "x-github-reason",
        "x-gitlab-project",
        "x-bugzilla-type",
        "x-bugzilla-reason",
        "x-jira-fingerprint",
        "x-cron-env",
    ),
    *(
        "x-trac-project",
        "x-redmine-host",
        "x-jenkins-job",
        "x-launchpad-notification-type",
        "x-pagerduty-message-class",
    ),
    *("x-rss-url", "x-rss-feed", "x-mantis-version", "x-rt-ticket", "x-gerrit-messagetype", "x-facebook"),
)
BULK_MAILER = re.compile(
    r"mailchimp|sendgrid|constant ?contact|campaign|listserv|lyris|listmanager|massmail|mass mail|bulk"
    r"|group mail|worldmerge"
    r"|e-?mailer|exacttarget|responsys|silverpop|sendinblue|brevo|klaviyo|hubspot|marketo|eloqua"
    r"|cheetahmail|dartmail|accucast"
    r"|messagemedia|unitymail|roving|aureate|prospect mailer|the bat! \(v1\.5[^)]*\) unreg|stormpost"
    r"|floosietek|mailloop"
    r"|mach10|advanced direct|directmail|e-?messenger|broadcast|newsletter|jango|iterable|customer\.io"
    r"|mailjet|sendy",
    re.IGNORECASE,
)
CAMPAIGN_HEADERS = (
    *(
        "x-campaign",
        "x-campaignid",
        "x-campaign-id",
        "x-mailchimp-id",
        "x-mc-user",
        "x-sg-eid",
        "x-bulkmail",
        "x-mailgun-tag",
    ),
    *(
        "x-csa-complaints",
        "x-roving-id",
        "x-job",
        "x-mailinglist-id",
        "x-emsgid",
        "x-sfmc-stack",
        "x-mailer-recptid",
    ),
    *(
        "x-messaging-campaign",
        "x-report-abuse",
        "x-cid",
        "x-subscriber",
        "x-mid",
        "x-rext",
        "x-lyris-message-id",
    ),
)
AUTO_SUBJECT = re.compile(
    r"\s*(?:auto(?:matic|mated)?[ -]?(?:reply|response|antwort)|out of (?:the )?office|abwesenheit"
    r"|réponse automatique"
    r"|respuesta automática|resposta automática|risposta automatica|automatisch antwoord"
    r"|away from (?:my )?(?:mail|office))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that the questions look at."""

    headers: Headers
    sender: Person
    subject: str
    text: str
    """Its new text alone."""
    footer: str
    """What quoting.py took for its signature: the place where mailings say how to leave."""
    media_types: frozenset[str]
    report_type: str = ""
    meanings: frozenset[str] = frozenset()
    links: int = 0


def automation(seen: Evidence) -> Automation | None:
    """Why no person wrote this to people, None where one did."""
    for ask in QUESTIONS:
        if answer := ask(seen):
            return answer
    asked = (campaign_words,) if is_discussion(seen) else IN_BULK
    return next((answer for ask in asked if (answer := ask(seen))), None)


PUT_AWAY = {
    "draft": "It is a draft that was never sent.",
    "trash": "It lies in the trash.",
    "spam": "The mailbox put it into spam.",
}


def put_away(seen: Evidence) -> Automation | None:
    return next((Automation(kind, why) for kind, why in PUT_AWAY.items() if kind in seen.meanings), None)


def bounced(seen: Evidence) -> Automation | None:
    if "multipart/report" in seen.media_types and seen.report_type in ("delivery-status", ""):
        return Automation("bounce", "It is a delivery report (multipart/report).")
    if "multipart/report" in seen.media_types:
        return Automation("notification", f"It is a report ({seen.report_type[:40]}).")
    if "x-failed-recipients" in seen.headers:
        return Automation("bounce", quoting(seen, "x-failed-recipients"))
    if BOUNCER.match(seen.sender.address):
        return Automation("bounce", f"From the mail system itself: {seen.sender.address}.")
    return None


def answered_by_itself(seen: Evidence) -> Automation | None:
    submitted = seen.headers.get("auto-submitted").lower()
    if submitted.startswith("auto-replied") or seen.headers.get("precedence").lower() == "auto_reply":
        return Automation("auto_reply", quoting(seen, "auto-submitted", "precedence"))
    for name in ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply"):
        if seen.headers.get(name).lower() not in ("", "no"):
            return Automation("auto_reply", quoting(seen, name))
    if AUTO_SUBJECT.match(seen.subject):
        return Automation("auto_reply", f"Its subject says so: “{seen.subject[:80]}”.")
    return None


def invitation(seen: Evidence) -> Automation | None:
    if "text/calendar" in seen.media_types:
        return Automation("calendar", "It carries a calendar entry (text/calendar).")
    return None


def judged_spam(seen: Evidence) -> Automation | None:
    for name in ("x-spam-flag", "x-spam-status", "x-spam"):
        if seen.headers.get(name).lower().startswith("yes"):
            return Automation("spam", quoting(seen, name))
    return None


def machine(seen: Evidence) -> Automation | None:
    for name in MACHINE_HEADERS:
        if name in seen.headers:
            return Automation("notification", quoting(seen, name))
    submitted = seen.headers.get("auto-submitted").lower()
    if submitted and not submitted.startswith("no"):
        return Automation("bot", quoting(seen, "auto-submitted"))
    for name in ("x-mailer", "user-agent"):
        if MACHINE_MAILER.search(seen.headers.get(name)):
            return Automation("bot", quoting(seen, name))
    for category, addresses in (("bot", ROBOT), ("notification", UNATTENDED)):
        if addresses.match(seen.sender.address):
            return Automation(category, f"From an address that no person writes from: {seen.sender.address}.")
    return None


def by_library(seen: Evidence) -> Automation | None:
    for name in ("x-mailer", "user-agent"):
        if MAIL_LIBRARY.search(seen.headers.get(name)):
            return Automation("bot", quoting(seen, name))
    return None


def category(seen: Evidence) -> Automation | None:
    for meaning in ("promotions", "social"):
        if meaning in seen.meanings:
            kind = "newsletter" if meaning == "promotions" else "notification"
            return Automation(kind, f"Gmail filed it under {meaning.title()}.")
    return None


def campaign(seen: Evidence) -> Automation | None:
    for name in CAMPAIGN_HEADERS:
        if name in seen.headers:
            return Automation("newsletter", quoting(seen, name))
    for name in ("x-mailer", "user-agent", "received-by"):
        if BULK_MAILER.search(seen.headers.get(name)):
            return Automation("newsletter", quoting(seen, name))
    return None


def list_only(seen: Evidence) -> Automation | None:
    """List headers without a person behind them (`is_discussion` answered no before)."""
    if (name := lists.discussion_list(seen.headers)) and lists.MACHINE_LIST.search(name):
        return Automation("bot", f"Through a list that machines write to: {name}.")
    if "list-unsubscribe-post" in seen.headers:
        return Automation("newsletter", quoting(seen, "list-unsubscribe-post"))
    if "list-unsubscribe" in seen.headers:
        also = "" if "list-post" in seen.headers else " without List-Post"
        return Automation("newsletter", f"It has List-Unsubscribe{also}.")
    if "feedback-id" in seen.headers:
        return Automation("newsletter", quoting(seen, "feedback-id"))
    if re.match(r"bulk|junk|list", seen.headers.get("precedence"), re.IGNORECASE) and not is_threaded(seen):
        return Automation("newsletter", quoting(seen, "precedence"))
    if seen.headers.get("return-path") == "<>":
        return Automation("bot", "Its Return-Path is empty (<>): no answer is wanted.")
    if re.search(r"\b(?:all|oof|autoreply|dr|rn|nrn)\b", seen.headers.get("x-auto-response-suppress"), re.IGNORECASE):
        return Automation("notification", quoting(seen, "x-auto-response-suppress"))
    return None


def campaign_address(seen: Evidence) -> Automation | None:
    if is_threaded(seen):
        return None
    if CAMPAIGN_ADDRESS.match(seen.sender.address):
        return Automation("newsletter", f"From an address that mailings come from: {seen.sender.address}.")
    if CODED_ADDRESS.match(seen.sender.address):
        return Automation("newsletter", f"From an address made for one mailing: {seen.sender.address[:80]}.")
    return None


def campaign_words(seen: Evidence) -> Automation | None:
    if is_threaded(seen):
        return None
    on_list = bool(lists.discussion_list(seen.headers))
    text = seen.text if on_list else f"{seen.text}\n{seen.footer}"  # each list mail's footer says how to leave
    doubt = bulk.DOUBT_ON_LISTS if on_list else 0
    html_only = "text/html" in seen.media_types and "text/plain" not in seen.media_types
    found = bulk.verdict(seen.subject, text, links=seen.links, html_only=html_only, doubt=doubt)
    return Automation("newsletter", found) if found else None


def is_threaded(seen: Evidence) -> bool:
    """Whether it answers a message. A bare «Re:» proves nothing: mailings write it too."""
    return "in-reply-to" in seen.headers or "references" in seen.headers


QUESTIONS: tuple[Callable[[Evidence], Automation | None], ...] = (
    *(put_away, bounced, answered_by_itself, invitation, judged_spam, machine, category),
)
IN_BULK = (campaign, by_library, list_only, campaign_address, campaign_words)


def quoting(seen: Evidence, *names: str) -> str:
    """«X-Mailer: rss2email», of the first header that is there."""
    name = next(name for name in names if seen.headers.get(name) or name == names[-1])
    return f"{name.title()}: {seen.headers.get(name)[:80]}".rstrip(": ") + "."


def is_discussion(seen: Evidence) -> bool:
    """Whether it came through a list that people talk on, and a person wrote it."""
    if not lists.discussion_list(seen.headers):
        return False
    name = f"{seen.headers.get('list-id')} {seen.headers.get('list-post')}".lower()
    return not lists.ANNOUNCE.search(name) or is_threaded(seen) or is_reply(seen.subject)
