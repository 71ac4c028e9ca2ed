"""Words that are facts by themselves: haste, its absence, patience at an end, and a plain thank you."""

from typing import NamedTuple

URGENCY = "urgency"
NO_RUSH = "no_rush"
ESCALATION = "escalation"
PROMISE = "promise"
"""The writer says what they will do: a date in the sentence is their own."""
RESOLVED = "resolved"
"""Said together with thanks: what was asked is settled."""


class Signal(NamedTuple):
    phrase: str
    fact: str
    """Empty: it only silences what lies within it."""
    points: int


SIGNALS = (
    Signal("urgent", URGENCY, 30),
    Signal("urgently|urgency", URGENCY, 25),
    Signal("asap|a.s.a.p|soonest", URGENCY, 25),
    Signal("as soon as possible|practicable", URGENCY, 20),
    Signal("as quickly|fast as possible|you can", URGENCY, 20),
    Signal("at the|your earliest (possible) opportunity", URGENCY, 10),
    Signal("immediately|immediate attention|action|help", URGENCY, 15),
    Signal("(need|needs|needed|please|act|call|reply|respond|fix|stop) immediately", URGENCY, 20),
    Signal("immediate (attention|action|assistance|help|response)", URGENCY, 15),
    Signal("right|straight away", URGENCY, 15),
    Signal("without delay", URGENCY, 15),
    Signal("emergency|emergencies", URGENCY, 30),
    Signal("time sensitive|critical", URGENCY, 20),
    Signal("this|it|that is|it's (very|really|absolutely|extremely) critical", URGENCY, 15),
    Signal("it's|this's (very|really|absolutely|extremely) critical", URGENCY, 15),
    Signal("^ critical :|!|.", URGENCY, 15),
    Signal("critical situation|deadline|for us", URGENCY, 15),
    Signal("is critical for us|that|we", URGENCY, 15),
    Signal("not immediately", "", 0),
    Signal(
        "immediately after|before|following|followed|returns|goes|starts|start|at|next|when|available|then|visible",
        "",
        0,
    ),
    Signal("the|then|it|which|that|and immediately", "", 0),
    Signal("high|highest|top priority|importance", URGENCY, 15),
    Signal("it can't|cannot wait", URGENCY, 20),
    Signal("can't|cannot wait (any) longer", URGENCY, 20),
    Signal(
        "not|isn't|nothing|never|wasn't (so|that|very|terribly|super|really|an|particularly) urgent|critical|emergency",
        NO_RUSH,
        -20,
    ),
    Signal("not time critical|sensitive", NO_RUSH, -20),
    Signal("non urgent|critical|emergency", NO_RUSH, -20),
    Signal("less|least urgent|critical", NO_RUSH, -10),
    Signal("no (big|real|particular) rush|hurry|urgency", NO_RUSH, -25),
    Signal("not in a|any rush|hurry", NO_RUSH, -25),
    Signal("take your time", NO_RUSH, -25),
    Signal("whenever you have|get (a|the|some) (time|chance|moment|minute)", NO_RUSH, -20),
    Signal("whenever (it) (is|it's) convenient", NO_RUSH, -20),
    Signal("when (ever) you have (some|a) (spare|free) time|moment|minute", NO_RUSH, -15),
    Signal("at your convenience|leisure", NO_RUSH, -15),
    Signal("low priority", NO_RUSH, -20),
    Signal("can|could wait", NO_RUSH, -10),
    Signal("doesn't|don't (need|have) to be (done) today|now|immediately", NO_RUSH, -20),
    Signal("if (this|it|that|it's|that's) (is|was|were) urgent", "", 0),
    Signal("how|more|something|anything urgent", "", 0),
    Signal("if (this|it|that) is|it's (an|not) urgent|emergency", "", 0),
    Signal("emergency room|exit|contact|contacts|number|services|kit|landing|fund|department|brake", "", 0),
    Signal("critical path|section|mass|thinking|of|to", "", 0),
    Signal("non|self critical", "", 0),
    Signal("escalate|escalated|escalating|escalation", ESCALATION, 30),
    Signal("second|third|fourth|fifth time i|we|that|i'm|i've|asking", ESCALATION, 30),
    Signal("last|final time i ask|write", ESCALATION, 25),
    Signal("nd|rd|th time i|we|that|i'm|i've|asking", ESCALATION, 30),
    Signal("second|third|final|last|another|gentle|friendly|quick|kind reminder", ESCALATION, 20),
    Signal("reminder", ESCALATION, 15),
    Signal("still waiting|awaiting|pending", ESCALATION, 25),
    Signal("still no response|reply|answer|news", ESCALATION, 25),
    Signal("still (have|has) not|haven't|hasn't heard|received|got|had|answered|replied", ESCALATION, 25),
    Signal("(have|has) not|haven't|hasn't|never heard (back|anything) (from) (you|anyone)", ESCALATION, 20),
    Signal("(have|has) not|haven't|hasn't|never received (a|any|an) (response|reply|answer)", ESCALATION, 25),
    Signal("no|without (a|any) response|reply|answer (yet|so)", ESCALATION, 20),
    Signal("any update|updates|progress|news (on|about|yet|regarding)", ESCALATION, 15),
    Signal("there|send|get|have an update", ESCALATION, 10),
    Signal("follow|following up (on)", ESCALATION, 15),
    Signal("checking|check in|back on|with", ESCALATION, 5),
    Signal("circling back", ESCALATION, 15),
    Signal("bump|bumping this", ESCALATION, 10),
    Signal("just|^ bumping", ESCALATION, 10),
    Signal("(speak|talk) to|with (a|your|the) manager|supervisor", ESCALATION, 30),
    Signal("unacceptable", ESCALATION, 25),
    Signal("how many more times", ESCALATION, 25),
    Signal("how many times do|must|have i|we", ESCALATION, 25),
    Signal("as i (already|previously) said|wrote|asked|mentioned|requested", ESCALATION, 10),
    Signal("for (the) (past|last) # weeks|months", ESCALATION, 10),
    Signal("i'll|we'll", PROMISE, 0),
    Signal("i|we will|shall", PROMISE, 0),
    Signal("i'm|we're going to", PROMISE, 0),
    Signal("i|we am|are going to", PROMISE, 0),
    Signal("you'll have|get|receive", PROMISE, 0),
    Signal("you will have|get|receive", PROMISE, 0),
    Signal("i'll|we'll need|expect|want|require|assume|wait", "", 0),
    Signal("i'll|we'll have to", "", 0),
    Signal("i|we will|shall need|expect|want|require|assume|wait", "", 0),
    Signal("i|we will|shall have to", "", 0),
    Signal("you'll have to", "", 0),
    Signal("you will have to", "", 0),
    Signal("works|working|worked now|again|fine|great|perfectly|well", RESOLVED, -20),
    Signal("(that|this|it) (has) fixed|solved|resolved it|this|everything", RESOLVED, -20),
    Signal("fixed|solved|resolved (the|my|our|this) problem|issue|bug", RESOLVED, -20),
    Signal("problem|issue|bug (is|was|has) (been) (now) solved|resolved|fixed|gone", RESOLVED, -20),
    Signal("that|this did it|the trick", RESOLVED, -20),
    Signal("did the trick", RESOLVED, -20),
    Signal("that|it worked", RESOLVED, -20),
    Signal("all (is) good|set|sorted now", RESOLVED, -15),
    Signal(
        "not|never|isn't|doesn't|didn't|hasn't|wasn't (been) work|works|working|worked|fixed|solved|resolved",
        "",
        0,
    ),
    Signal("no longer works|working|worked", "", 0),
    Signal("if|when|once|until|hope|hopefully|unless (it|this|that) (is|works|worked|fixed|solved|resolved)", "", 0),
)
