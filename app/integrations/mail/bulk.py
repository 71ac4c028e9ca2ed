"""What betrays a mailing whose headers say nothing: the sentences that only mailings carry.

Pure. A scorecard: each kind of evidence counts once, and only together do they suffice, because people quote
single phrases. The reason names the strongest phrase as it stands in the text.
"""

import re

ENOUGH = 7
DOUBT_ON_LISTS = 4
"""More is asked of what comes through a discussion list, where people talk about mailings."""
MOST_READ = 20_000

EVIDENCE: tuple[tuple[int, re.Pattern[str]], ...] = tuple(
    (points, re.compile(pattern, re.IGNORECASE))
    for points, pattern in (
        # How to get off the list
        (5, r"(?:to|wish to|want to|like to) be (?:removed|taken off|deleted|excluded) (?:from|off)\b"),
        (
            5,
            r"\bremoved? (?:me |yourself |your (?:name|e-?mail|address|e-?mail address) )?from (?:our|this"
            r"|the|any|future) "
            r"(?:\S{1,30} ){0,3}?(?:list|mailing|database|e-?mail)",
        ),
        (
            5,
            r"you(?:'re| are| have been|'ve| have| were)? (?:receiv(?:ing|ed)|sent|subscribed) .{0,60}?"
            r"(?:because|as a (?:subscriber|member|result))",
        ),
        (
            5,
            r"(?:un-?subscribe|opt[ -]?out|remov(?:e|al)) .{0,40}?"
            r"(?:click (?:here|on|below)|link|reply|send|visit|e-?mail|subject|go to|instructions)",
        ),
        (
            5,
            r"(?:click (?:here|on|below)|reply|send|visit|go to|e-?mail).{0,80}?"
            r"(?:un-?subscribe|opt[ -]?out|\bremove\b|be removed|removal)",
        ),
        (4, r"not wish to receive (?:\w+ ){0,4}(?:e-?mail|message|offer|mailing|correspondence|newsletter)"),
        (4, r"(?:no longer (?:wish|want|like) to|prefer not to|don'?t want to|do not want to|rather not) receive"),
        (4, r"\bun-?subscribe\b|\bopt[ -]out\b|abmelden|abbestellen|se désabonner|darse de baja|afmelden"),
        # What mailings say about themselves
        (
            4,
            r"this (?:e-?mail|message|mailing|newsletter) (?:is|was|has been) (?:being )?sent (?:to you|by"
            r"|in compl|only)",
        ),
        (
            4,
            r"this is not (?:a )?spam|is not (?:considered )?spam|bulk (?:e-?)?mail(?:ing)?"
            r"|one[- ]time (?:e-?)?mail|opt[ -]in",
        ),
        (4, r"\bADV ?:|news-?letter\b|sent (?:each|every) \w+ to|\b[\d,.]{1,12}\+? subscribers"),
        (3, r"view (?:this|it) (?:e-?mail )?(?:in|with) (?:your|a) (?:web )?browser|add us to your address book"),
        (
            3,
            r"for (?:immediate )?release ?:|press release|\b(?:issue|number|vol(?:ume)?\.?) #?\d+\b"
            r"|\badvisory\b|headlines",
        ),
        (3, r"automated .{0,20}(?:reminder|message|notice)|this is an (?:official|automat)|automatically generated"),
        # Selling
        (3, r"click (?:here|below|on the link)"),
        (
            3,
            r"(?:100%|absolutely|totally|completely|risk)[ -]?free|no obligation|money[ -]back"
            r"|satisfaction guarantee"
            r"|free (?:trial|quote|gift|offer|info|report|sample|consultation|membership|shipping"
            r"|installation)",
        ),
        (
            3,
            r"limited time|act now|order (?:now|today)|(?:call|get it|join|save|start) (?:now|today|toll)"
            r"|don'?t (?:miss|delay|hesitate)"
            r"|(?:special|exclusive) offer|sign up (?:now|today)|apply (?:now|online|today)|as low as"
            r"|now available|for sale",
        ),
        (
            3,
            r"(?:make|earn|made|earned|earning|save|win|receive|leverage|income).{0,40}?(?:\$|US\$|USD ?|€"
            r"|£|euros? )\s?[\d,]{2,}",
        ),
        (
            3,
            r"mortgage|refinanc|viagra|cialis|weight loss|lose (?:weight|\d)|life insurance|herbal|enlarge"
            r"|casino|webcam"
            r"|work (?:at|from) home|home[- ]based business|financial freedom|multi-?level|get rich"
            r"|lowest (?:rate|price)"
            r"|\bdebt|credit card|merchant account|hormone|\badult\b|xxx|porn|\bsingles\b|cigarettes"
            r"|descrambler|diplomas?\b"
            r"|domain (?:names?|registration)|toners?\b|(?:stock|investor) alert|undervalued|\bticker\b"
            r"|medications?\b|pre-?approved",
        ),
        (
            4,
            r"next of kin|foreign partner|(?:confidential|private|business|mutual\w{0,10}) (?:business"
            r"|transaction|proposal|endeavou?r)"
            r"|transfer (?:of )?(?:the |this )?(?:sum|fund|money)|million (?:united states |us )?dollars"
            r"|late (?:president|husband|father)|(?:extremely|strictly|highly) (?:private|confidential)"
            r"|utmost confidence",
        ),
        (
            2,
            r"(?:e-?mail|internet|direct) (?:marketing|advertis)|(?:customer base|marketing dollars"
            r"|target(?:ed)? (?:list|e-?mail))",
        ),
        (2, r"dear (?:friend|sir|madam|valued|customer|homeowner|member|subscriber|reader|home ?owner|business|\S+@)"),
        (2, r"\bcongratulations\b|you(?:'ve| have)? (?:won|been (?:selected|chosen|approved))|\bwinner\b"),
        (2, r"\b1?[- (]?8(?:00|88|77|66)[-) .]+\d{3}[- .]+\d{4}|toll[- ]free"),
        (2, r"©|\(c\) ?(?:copyright )?(?:19|20)\d\d|copyright (?:©|\(c\)|19|20)|all rights reserved|privacy policy"),
        (2, r"!{2,}|\${3,}|\*{5,}|#{8,}"),
        (
            2,
            r"visit (?:our|us)|our (?:web ?site|products|company|clients|customers|subscribers|members"
            r"|readers|sponsors?)",
        ),
        (2, r"https?://\S{0,200}(?:click|track|unsub|redir|adclick|\?[^\s=]{1,20}=\S{16,})"),
        (1, r"(?:per|/) ?(?:month|mo)\b|only \$\d|\d{2}% (?:off|discount)|\$\d[\d,.]*|% off"),
        (1, r"guarantee|discount|promotion|bonus|cash|profit|investment|income"),
    )
)


def verdict(subject: str, text: str, *, links: int, html_only: bool, doubt: int = 0) -> str:
    """A sentence that quotes the evidence where it suffices, "" where not."""
    sample = sampled(" ".join(f"{subject}\n{text}".split()))
    found = [(points, match[0]) for points, pattern in EVIDENCE if (match := pattern.search(sample))]
    score = sum(points for points, _ in found)
    score += 2 if links >= 8 else 1 if links >= 3 else 0
    score += 2 if html_only else 0
    strongest = max(found, default=(0, ""))
    if score < ENOUGH + doubt or strongest[0] < 3 or len(found) < 2:
        return ""
    others = len(found) - 1
    return f"It reads like a mailing: “{strongest[1][:80]}” and {others} more sign{'s' if others > 1 else ''}."


def sampled(text: str) -> str:
    """Beginning and end: where mailings say what they are."""
    return text if len(text) <= MOST_READ else f"{text[: MOST_READ // 2]} … {text[-MOST_READ // 2 :]}"
