"""The demo mailbox's mail. Texts name moments in braces (times.py)."""

from dataclasses import dataclass

_INBOX = ("INBOX", "CATEGORY_PERSONAL")
_NEW = (*_INBOX, "UNREAD")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    key: str
    hours: float
    """After the account was made; most came before."""
    sender: str
    to: str = "maren"
    subject: str
    text: str
    labels: tuple[str, ...] = _NEW
    answers: str = ""
    """The key of the mail that it answers."""
    bulk: bool = False


MAILS = (
    Mail(
        key="hosting",
        hours=-72,
        sender="hosting",
        subject="Your invoice is available",
        text="This month's invoice is available in your account. This is an automatic message, please do not reply.",
        labels=("INBOX", "CATEGORY_UPDATES"),
    ),
    Mail(
        key="delivery",
        hours=-50,
        sender="maren",
        to="oscar",
        subject="Delivery of the four post bikes",
        text="Hello Oscar,\n\nthe four bikes are ready. Which day next week suits you for the delivery?\n\nMaren",
        labels=("SENT",),
    ),
    Mail(
        key="invoice",
        hours=-30,
        sender="tomas",
        subject="Invoice 2041 is overdue",
        text=(
            "Hi Maren,\n\ninvoice 2041 to Fairhaven was due {past} and is still unpaid. "
            "Could you please call Felicity about it before I send the second reminder?\n\nTomas"
        ),
        labels=(*_INBOX, "Label_1"),
    ),
    Mail(
        key="bakery",
        hours=-27,
        sender="ida",
        subject="Two cargo bikes for the bakery",
        text=(
            "Dear Maren,\n\nwe would like to lease two cargo bikes for our bakery, with closed boxes. "
            "What would they cost a month, and when could we have them?\n\nIda Brandt"
        ),
        labels=(*_INBOX, "Label_1"),
    ),
    Mail(
        key="bakery-2",
        hours=-24,
        sender="maren",
        to="ida",
        subject="Re: Two cargo bikes for the bakery",
        text="Dear Ida,\n\nthank you. I will look at what is in stock and send you an offer.\n\nMaren",
        labels=("SENT",),
        answers="bakery",
    ),
    Mail(
        key="weekly",
        hours=-20,
        sender="weekly",
        subject="This week in cargo bikes: seven racks compared",
        text="The racks, the riders, the news. Read this issue in your browser. Unsubscribe at any time.",
        labels=("INBOX", "CATEGORY_PROMOTIONS", "UNREAD"),
        bulk=True,
    ),
    Mail(
        key="keys",
        hours=-10,
        sender="maren",
        to="priya",
        subject="Spare keys for the test fleet",
        text="Hi Priya,\n\nthe spare keys are in the grey box beside the charger.\n\nMaren",
        labels=("SENT",),
    ),
    Mail(
        key="keys-2",
        hours=-8,
        sender="priya",
        subject="Re: Spare keys for the test fleet",
        text="Thanks!\n\nPriya",
        labels=_INBOX,
        answers="keys",
    ),
    Mail(
        key="tender",
        hours=-5,
        sender="felicity",
        subject="Tender for the city's bikes: your signature is missing",
        text=(
            "Dear Ms Holt,\n\nyour tender documents are complete except for the signature on page 4. "
            "Please send us the signed page by {tomorrow}; we can't consider the tender otherwise.\n\n"
            "Felicity Osei\nCity of Fairhaven"
        ),
        labels=(*_NEW, "IMPORTANT"),
    ),
    Mail(
        key="brakes",
        hours=-3,
        sender="oscar",
        subject="Urgent: brakes of bike 17 fail",
        text=(
            "Hello Maren,\n\nthe front brake of bike 17 does not hold any more, our rider had to stop on foot. "
            "It is urgent: what should we do with the other eleven bikes of the same series?\n\nOscar"
        ),
        labels=(*_NEW, "IMPORTANT", "Label_1"),
    ),
    Mail(
        key="bakery-3",
        hours=-2,
        sender="ida",
        subject="Re: Two cargo bikes for the bakery",
        text=(
            "Dear Maren,\n\nour partners meet today. Could you please send us the offer by {soon}? "
            "Otherwise we decide without you.\n\nIda"
        ),
        labels=(*_NEW, "Label_1"),
        answers="bakery-2",
    ),
    Mail(
        key="bakery-4",
        hours=0.2,
        sender="ida",
        subject="Re: Two cargo bikes for the bakery",
        text="One more thing: can the boxes be painted red, and what does that cost?\n\nIda",
        labels=(*_NEW, "Label_1"),
        answers="bakery-3",
    ),
    Mail(
        key="cafe",
        hours=3,
        sender="ruben",
        subject="Can a coffee machine be put on a cargo bike?",
        text="Hello,\n\nwe run a café and think of a mobile one. Could you call me back by {later}?\n\nRuben Sato",
    ),
    Mail(
        key="delivery-2",
        hours=20,
        sender="oscar",
        subject="Re: Delivery of the four post bikes",
        text="Hello Maren,\n\nTuesday before ten would be good. Can you confirm that?\n\nOscar",
        answers="delivery",
    ),
)
OWN_LABELS = {"Label_1": "Customers", "Label_2": "Workshop"}
"""Names by id."""
