"""Which words make a date a deadline. A date without such words is only a date.

The kind of a cue tells where its date stands and what has to be true around it; guards.py and find.py act on it.
"""

from enum import Enum, auto
from typing import NamedTuple


class Kind(Enum):
    BY = auto()
    """The date follows at once: "by Friday". Narrative, negation and conditions undo it."""
    BEFORE = auto()
    """As BY, but a bare day means its beginning."""
    UNTIL = auto()
    """As BY, and only where something is open or awaited until then."""
    WITHIN = auto()
    """A span of time follows: "within 24 hours"."""
    DUE = auto()
    """The date follows within the sentence: "the deadline for the form is Friday"."""
    WAS_DUE = auto()
    """As DUE, and the date may be gone."""
    CLOSES = auto()
    """As DUE, and at once: "expires on 3 May"."""
    STATED = auto()
    """The cue is itself the moment: "EOD", "COB Friday"."""
    TRAILING = auto()
    """The date stands before: "Friday at the latest"."""
    LEFT = auto()
    """A span, then what it is for: "you have 48 hours to respond"."""
    NEED = auto()
    """A need, then on or for a date: "we need it for Monday"."""
    REQUEST = auto()
    """A request, then today, tomorrow or a day with a time: "can you call me tomorrow"."""
    MEETING = auto()
    """A meeting with its time right before or after it: "the 10 am call", "a meeting at 10:00 today"."""
    NONE = auto()
    """Silences the cue that lies within it: "due to"."""


class Cue(NamedTuple):
    phrase: str
    kind: Kind
    strong: bool = False
    """Says deadline in so many words: neither narrative nor a past date undoes it."""


CUES = (
    Cue("by", Kind.BY),
    Cue("by latest|close", Kind.BY),
    Cue("latest by|on", Kind.BY, strong=True),
    Cue("no|not later|after than", Kind.BY, strong=True),
    Cue("not after", Kind.BY),
    Cue("at|on or before", Kind.BY, strong=True),
    Cue("^|,|( latest", Kind.BY),
    Cue("needed|required|requested|expected|wanted by", Kind.BY, strong=True),
    Cue("due by|on|at|before|in|within|for", Kind.DUE, strong=True),
    Cue("before", Kind.BEFORE),
    Cue("prior to", Kind.BEFORE),
    Cue("in time for|before", Kind.BEFORE),
    Cue("ahead of", Kind.BEFORE),
    Cue("until|till|til|through", Kind.UNTIL),
    Cue("valid|good|extended through", Kind.BY),
    Cue("within|inside", Kind.WITHIN),
    Cue("in the next", Kind.WITHIN),
    Cue("over the next", Kind.NONE),
    Cue("due", Kind.DUE, strong=True),
    Cue("due date", Kind.DUE, strong=True),
    Cue("overdue (since)", Kind.WAS_DUE, strong=True),
    Cue("was|were (originally|supposed) due", Kind.WAS_DUE, strong=True),
    Cue("deadline|cutoff (date)", Kind.DUE, strong=True),
    Cue("cut off", Kind.DUE, strong=True),
    Cue("deadline|cutoff was", Kind.WAS_DUE, strong=True),
    Cue("was supposed|meant to be (done|ready|finished|delivered|sent|in) by|on", Kind.WAS_DUE, strong=True),
    Cue("should have been (done|ready|finished|delivered|sent|in) by|on", Kind.WAS_DUE, strong=True),
    Cue("last day|date (to|for|of)", Kind.DUE, strong=True),
    Cue("last chance (to|for)", Kind.DUE, strong=True),
    Cue("last|final call for", Kind.DUE, strong=True),
    Cue("last possible day|date (to|for)", Kind.DUE, strong=True),
    Cue("target|delivery|completion|closing date", Kind.DUE, strong=True),
    Cue("final day|date (to|for|of)", Kind.DUE, strong=True),
    Cue("expires|expire|expiring|lapses|lapse (on|at|in)", Kind.CLOSES, strong=True),
    Cue("runs|run out on|in", Kind.CLOSES, strong=True),
    Cue("expired (on)", Kind.WAS_DUE, strong=True),
    Cue("expiry|expiration (date)", Kind.DUE, strong=True),
    Cue(
        "offers|sales|deals|savings|discounts|bids|entries|applications|nominations end (on|at|in)",
        Kind.CLOSES,
        strong=True,
    ),
    Cue("come|comes to an end (on|at|in)", Kind.CLOSES, strong=True),
    Cue("closes|close|closing|ends|ending (on|at|in)", Kind.CLOSES),
    Cue("eod|cob|eob|eow|eom|eoq|eoy", Kind.STATED),
    Cue("end of day|business|play|today|tomorrow", Kind.STATED),
    Cue("end of the (business|working) day", Kind.STATED),
    Cue("near|toward|towards (the) end|close of", Kind.NONE),
    Cue("near|toward|towards the end of the day", Kind.NONE),
    Cue("close of business|play", Kind.STATED),
    Cue("at the end of the day ,", Kind.NONE),
    Cue("at the (very) latest", Kind.TRAILING, strong=True),
    Cue("latest", Kind.TRAILING),
    Cue("or sooner|earlier|before", Kind.TRAILING, strong=True),
    Cue("deadline", Kind.TRAILING, strong=True),
    Cue("is|being the (final|hard|absolute|submission) deadline|cutoff", Kind.TRAILING, strong=True),
    Cue("is the last|final day|date", Kind.TRAILING, strong=True),
    Cue("need|needs|needed|needing|require|requires|required", Kind.NEED),
    Cue("must", Kind.NEED),
    Cue("i|we want to send|finish|submit|ship|file|release|publish|complete|deliver|deploy", Kind.NEED),
    Cue("have|has|needs to", Kind.NEED),
    Cue("you|we have|got (only|just|exactly)", Kind.LEFT, strong=True),
    Cue("there are|is (only|just|exactly)", Kind.LEFT, strong=True),
    Cue("must have", Kind.NONE),
    Cue("should be (done|ready|finished|delivered|sent|completed)", Kind.NEED),
    Cue("can|could|would|will you|we|someone|anyone|i", Kind.REQUEST),
    Cue("shall|should we", Kind.REQUEST),
    Cue("are you (both|all) (free|available)", Kind.REQUEST),
    Cue("are {someone} free|available", Kind.REQUEST),
    Cue("please|pls|kindly", Kind.REQUEST),
    Cue("let's|lets", Kind.REQUEST),
    Cue("^ {do}", Kind.REQUEST),
    Cue("^ and|also|just {do}", Kind.REQUEST),
    Cue(", reply|respond|answer|call|email|contact|send|submit|confirm|pay|return|complete", Kind.REQUEST),
    Cue("how|what about", Kind.REQUEST),
    Cue("^ can|could {do}", Kind.REQUEST),
    Cue("^ have a look", Kind.REQUEST),
    Cue("any chance of|you|we|someone", Kind.REQUEST),
    Cue(
        "move|moved|reschedule|rescheduled|postponed (the|our|this) meeting|call|interview|appointment to", Kind.REQUEST
    ),
    Cue("i|we would like to have|hold|meet|move|schedule", Kind.REQUEST),
    Cue("i'd|we'd like to have|hold|meet|move|schedule", Kind.REQUEST),
    Cue("appointment|meeting|call|interview|demo", Kind.MEETING),
    Cue("appointment|interview|meeting|call|demo is|are (scheduled|set|planned|confirmed)", Kind.REQUEST),
    Cue("let us|me know", Kind.REQUEST),
    Cue("i'd|we'd like you to", Kind.REQUEST),
    Cue("i|we would like you to", Kind.REQUEST),
    Cue("est|estimated due date", Kind.NONE),
    Cue("due to|honour|honor|regard|consideration|diligence|process|course|respect|credit|care", Kind.NONE),
    Cue("in due course|time", Kind.NONE),
    Cue("by the way", Kind.NONE),
    Cue("stop|stops|drop|drops|come|comes|coming|swing|pop by at|on", Kind.NONE),
    Cue("stopping|dropping|swinging|popping by", Kind.NONE),
    Cue("i|we|he|she|they should be back|away|out|off|gone|home|there|in|free|available", Kind.NONE),
    Cue("passed|passing|told|known|goes|went by", Kind.NONE),
    Cue("no need", Kind.NONE),
    Cue("attached please find", Kind.NONE),
    Cue("^ see|find|note|let|get|order|buy|apply|join|start|try", Kind.NONE),
    Cue("i|i'll|i'd have|need to", Kind.NONE),
    Cue("don't|doesn't|didn't|not need|require|have to", Kind.NONE),
    Cue(
        "day|days|night|evening|afternoon|morning|week|weeks|month|months|year|years|hours|ever|just|like|as before",
        Kind.NONE,
    ),
    Cue("never|than before|ever", Kind.NONE),
    Cue("step|day|week|one|two|side|bit|line|word by step|day|week|one|two|side|bit|line|word", Kind.NONE),
    Cue("close to|enough|at hand", Kind.NONE),
    Cue("ends|end|ending up|with", Kind.NONE),
    Cue("the|a latest", Kind.NONE),
    Cue("latest version|release|news|update|updates|patch", Kind.NONE),
)
