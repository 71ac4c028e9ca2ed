"""Everything that is wrong with the settings, at once: with each alone, between them, and for production."""

from collections.abc import Iterator
from typing import Any

from pydantic import ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from app.settings.keys import KeyFile, given_key
from app.settings.known import Known
from app.settings.production import unsafe


class Settings(Known):
    """Raises pydantic.ValidationError, with one error for each variable that can't be used."""

    @model_validator(mode="wrap")
    @classmethod
    def _all_at_once(cls, given: Any, build: ModelWrapValidatorHandler["Settings"]) -> "Settings":
        """Nobody mends them one by one."""
        return _checked(given, build)


def _checked(given: Any, build: ModelWrapValidatorHandler[Settings]) -> Settings:
    """Where single ones are wrong, the others are looked at with defaults in the place of those."""
    found: list[InitErrorDetails] = []
    try:
        settings = build(given)
    except ValidationError as error:
        found = [_kept(each) for each in error.errors(include_url=False)]
        wrong = {str(each["loc"][0]) for each in found if each["loc"]}
        try:
            settings = build({name: value for name, value in dict(given).items() if name not in wrong})
        except (ValidationError, TypeError, ValueError):
            raise error from None
    named = {each["loc"] for each in found}
    for name, said in (*_between(settings), *unsafe(settings)):
        if (name.lower(),) not in named:
            found.append(
                {"type": PydanticCustomError("unsafe", "{said}", {"said": said}), "loc": (name.lower(),), "input": None}
            )
    if found:
        raise ValidationError.from_exception_data("Settings", found, hide_input=True)
    return settings


def _kept(error: Any) -> InitErrorDetails:
    """The same error, to be raised with others; without what was given, which may be secret."""
    said = error["msg"].removeprefix("Value error, ")
    custom = error["type"] in ("value_error", "assertion_error")
    kind: Any = PydanticCustomError("value_error", "{said}", {"said": said}) if custom else error["type"]
    return {"type": kind, "loc": error["loc"], "input": None, "ctx": {} if custom else error.get("ctx", {})}


def _between(settings: Known) -> Iterator[tuple[str, str]]:
    """What can't be, whatever the environment."""
    if settings.sync_at_once >= settings.database_pool_size:
        yield "SYNC_AT_ONCE", "must be smaller than DATABASE_POOL_SIZE: each pull holds a connection"
    if settings.page_limit_default > settings.page_limit_max:
        yield "PAGE_LIMIT_DEFAULT", "must be at most PAGE_LIMIT_MAX"
    if "*" in settings.cors_origins and len(settings.cors_origins) > 1:
        yield "CORS_ORIGINS", "is * beside other origins: * stands for all, and is then the only one"
    if settings.mail_host and not settings.mail_from:
        yield "MAIL_FROM", "is missing, while MAIL_HOST is set: it is the sender's address"
    try:
        given_key(settings)
    except KeyFile as unreadable:
        yield "SECRET_KEY_FILE", str(unreadable)
