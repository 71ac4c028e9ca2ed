"""What a browser is given, and told, once somebody has signed in."""

from typing import Any, Protocol

from app.workflows.identity import cookies, csrf, views
from app.workflows.identity.entering import Entered, caller_of
from app.workflows.identity.schemas import MeOut


class Answer(cookies.Answer, Protocol):
    """A response, before it is sent."""

    @property
    def headers(self) -> Any: ...


def welcome(state: Any, answer: Answer, entered: Entered) -> MeOut:
    """`state` is the application's, as app.main makes it."""
    cookies.sign_in(answer, state.settings, token=entered.token, device=entered.device)
    answer.headers["Cache-Control"] = "no-store"
    who = caller_of(entered.user, session_id=entered.session_id)
    return views.me_out(who, entered.user, csrf.token_for(state.vault, entered.token))
