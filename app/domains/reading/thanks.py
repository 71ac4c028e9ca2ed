"""Whether a message says nothing but thanks: the conversation may rest on it."""

import re

from app.domains.reading.tokens import START, Tokens

_THANK_WORDS = """
thanks thank thankyou thx tnx ty cheers merci danke gracias appreciated appreciate great perfect ok okay k kk
cool nice excellent awesome wonderful lovely brilliant fantastic super understood noted acknowledged ack roger
received lgtm agreed agree fine sure yes yep yup works done confirmed sounds will got congrats
congratulations welcome worked resolved solved fixed +1
"""
_FILLER_WORDS = """
you so very much a lot many again all everyone for your the help this that it it's is was i i'll we and to my me
quick reply response answer update info information support time well really that's lot ton million both guys
team on by in from now here best kind regards sincerely yours with everything kindly letting know
sharing sending helping looking into at hi hello hey dear problem no worries too good do
"""
_THANKS = frozenset(_THANK_WORDS.split())
_FILLERS = frozenset(_FILLER_WORDS.split())
_LONGEST = 20
"""Words: a longer message says more than thanks."""
_MOST_NAMES = 3
_MARKS = re.compile("[\U0001f44d\U0001f64f\u2705\U0001f44c\U0001f389\u2764]|(?<!\\w):(?:thumbsup|pray|tada):")


def only_thanks(text: str, found: Tokens) -> bool:
    """Only thanks, assent and names. Anything else, above all a question, and it's more than thanks."""
    said = [
        (word, text[start:end])
        for word, start, end in zip(found.words, found.starts, found.ends, strict=True)
        if word != START and word not in '.,!:;()-"'
    ]
    if not said:
        return _MARKS.search(text) is not None
    if len(said) > _LONGEST:
        return False
    other = [written for word, written in said if word not in _THANKS and word not in _FILLERS]
    names = all(written[0].isupper() and written.isalpha() for written in other)
    return names and len(other) <= _MOST_NAMES and any(word in _THANKS for word, _ in said)
