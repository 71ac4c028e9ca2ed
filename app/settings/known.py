"""Every setting: its name, its default, and what it takes."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.settings import shapes
from app.settings.places import DATA_FOLDER, PROJECT_ROOT

Words = Annotated[tuple[str, ...], NoDecode]
"""A list in one variable, separated by commas."""


class Known(BaseSettings):
    """Each looked at alone. What is handed on is app.settings.Settings, which also looks at all together."""

    model_config = SettingsConfigDict(
        env_file=PROJECT_ROOT / ".env", extra="ignore", hide_input_in_errors=True, allow_inf_nan=False
    )

    environment: Literal["development", "production"] = "development"
    database_url: SecretStr = SecretStr("")
    """Empty: SQLite in the project's own data folder. A SQLite path that is not absolute is taken from the
    project's root, whatever the working directory."""
    secret_key: SecretStr = SecretStr("")
    secret_key_file: str = ""
    """A file that holds SECRET_KEY instead."""
    secret_keys_before: SecretStr = SecretStr("")
    """Earlier keys, separated by commas: what they encrypted can still be read, until it was encrypted anew."""
    debug: bool = False
    """Everything in the log, SQL statements too; for development only."""
    listen_host: str = "127.0.0.1"
    listen_port: int = Field(8000, ge=1, le=65535)
    public_url: str = ""
    cors_origins: Words = ("http://localhost:3000", "http://localhost:5173")

    trusted_hosts: Words = ()
    """Further names that are answered under, beside PUBLIC_URL's and this machine's own."""
    trusted_proxies: Words = ()
    """Addresses or networks of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed."""
    body_timeout_s: float = Field(30, gt=0, le=3_600)
    """A request whose body stands still for so long is given up."""
    query_timeout_s: float = Field(30, ge=0, le=86_400)
    """A request's statement may keep the database busy for so long; 0: without end."""
    rate_limits: bool = True
    rate_limit_store: SecretStr = SecretStr("")
    """Where several processes count together: redis://host:6379/0. Empty: each counts for itself."""
    rate_read_per_minute: int = Field(60_000, ge=1, le=1_000_000_000)
    rate_write_per_minute: int = Field(12_000, ge=1, le=1_000_000_000)
    rate_heavy_per_minute: int = Field(1_200, ge=1, le=1_000_000_000)
    """Imports, pulls, previews of rules."""
    rate_sign_in_per_minute: int = Field(30, ge=1, le=1_000_000_000)
    rate_anyone_per_minute: int = Field(3_000, ge=1, le=1_000_000_000)
    """By an address that did not say who it is."""

    session_idle_hours: float = Field(72, gt=0, le=87_600)
    """A browser that was not used for so long has to sign in again."""
    session_most_days: float = Field(30, gt=0, le=3_650)
    """And after so long in any case."""
    sign_in_free_failures: int = Field(5, ge=1, le=1_000)
    """So many wrong passwords cost no waiting; each further one doubles it."""
    sign_in_delay_s: float = Field(1, gt=0, le=3_600)
    sign_in_delay_most_s: float = Field(900, gt=0, le=86_400)
    password_shortest: int = Field(12, ge=8, le=128)
    token_minutes: float = Field(15, gt=0, le=60)
    """A token that a key was exchanged for is good for at most so long."""
    audit_kept_days: int = Field(730, ge=0, le=36_500)
    """0: for ever."""

    oidc_issuer: str = ""
    """OpenID Connect: who says who people are. Empty: nobody but us."""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_name: str = "single sign-on"
    """How the button calls it."""
    oidc_domains: Words = ()
    """Whoever has a verified address there is let in and becomes a user; empty: only who is one already."""
    oidc_role: Literal["viewer", "operator", "admin"] = "viewer"
    """Of a user who is made that way."""

    mail_host: str = ""
    """The mail server through which links to set a password are sent. Empty: none is sent."""
    mail_port: int = Field(587, ge=1, le=65535)
    mail_security: Literal["starttls", "tls", "none"] = "starttls"
    mail_user: str = ""
    mail_password: SecretStr = SecretStr("")
    mail_from: str = ""

    sample_data: bool | None = None
    """Whether an empty database begins with the sample company. Not set: in development, and never in production."""

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["json", "console"] = "console"

    our_addresses: Words = ()
    """Who "we" are: addresses, or whole domains as «@example.com»."""
    our_names: Words = ()
    important_senders: Words = ()
    """Addresses or «@domain»s whose mail weighs more."""

    composio_api_key: SecretStr = SecretStr("")
    """Without it nothing is pulled; imports and everything else work."""
    composio_gateway: Literal["rest", "sdk"] = "rest"
    composio_base_url: str = "https://backend.composio.dev"
    """The origin alone: each gateway adds its own path."""
    composio_sdk_api: Literal["v3.1", "v2"] = "v3.1"
    """What the sdk gateway speaks: v2 for a self-hosted server of before June 2026."""
    composio_user_id: str = "default"
    """Whose accounts are used where an integration's gateway names nobody."""
    composio_tool_versions: Words = ()
    """«toolkit=version» pairs that override the pinned versions of tools."""
    composio_webhook_secret: SecretStr = SecretStr("")
    """What Composio signs its deliveries with; both, with a comma, while it is changed. Empty: none is taken."""
    webhook_tolerance_s: float = Field(300, gt=0, le=3600)
    """A delivery may be signed this much earlier or later than now, by our clock."""
    connect_look_every_s: float = Field(3, gt=0, le=3_600)
    """How often it is asked whether a person has finished connecting an account."""
    integrations_stub_mode: bool = False
    """Integrations without an account are served labelled demo data; for development only."""
    write_back_delay_s: float = Field(5, ge=0, le=3_600)
    """How long what people do waits before their sources are told: what is taken back by then is never sent."""
    write_back_give_up_hours: float = Field(24, gt=0, le=8_760)
    """For so long a source that does not answer is tried again before a write is given up."""

    breaker_failures: int = Field(3, ge=1, le=100)
    breaker_rest_s: float = Field(30, gt=0, le=86_400)
    breaker_successes: int = Field(2, ge=1, le=100)
    interactive_retries: int = Field(3, ge=0, le=20)
    interactive_budget_s: float = Field(20, gt=0, le=3_600)
    background_retries: int = Field(6, ge=0, le=50)
    background_budget_s: float = Field(180, gt=0, le=86_400)
    attempt_most_s: float = Field(30, gt=0, le=3_600)
    """One attempt may take no longer, however much of the budget is left."""
    retry_first_s: float = Field(2, gt=0, le=3_600)
    retry_most_s: float = Field(30, gt=0, le=86_400)
    retry_jitter: float = Field(0.5, ge=0, le=1)

    sync_schedule: bool = True
    """Whether integrations are pulled when they are due. Off: only on request, by a cron job or a person."""
    sync_at_once: int = Field(4, ge=1, le=100)
    """How many integrations one process pulls at the same time."""
    sync_look_every_s: float = Field(1, gt=0, le=3_600)
    sync_lease_s: float = Field(7, ge=1, le=86_400)
    """A pull or import whose process has been silent for this long is taken up by another one."""
    sync_backoff_s: float = Field(15, gt=0, le=604_800)
    sync_backoff_most_s: float = Field(3600, gt=0, le=604_800)
    sync_runs_kept_days: int = Field(30, ge=1, le=3_650)

    database_busy_timeout_s: float = Field(15, gt=0, le=3_600)
    database_pool_size: int = Field(10, ge=1, le=200)
    page_limit_default: int = Field(50, ge=1, le=1_000)
    page_limit_max: int = Field(200, ge=200, le=1000)
    """The API promises pages of 200, and the dashboard asks for them."""
    body_max_bytes: int = Field(1_000_000, ge=1_000, le=1_000_000_000)
    import_max_bytes: int = Field(20_000_000_000, ge=1_000, le=1_000_000_000_000)
    import_page_size: int = Field(250, ge=1, le=5_000)
    undo_seconds: int = Field(600, ge=1, le=2_592_000)
    idempotency_hours: int = Field(24, ge=1, le=8_760)
    history_days: int = Field(90, ge=1, le=3650)
    """For so long any past score can be made again."""
    watch_every_s: float = Field(5, gt=0, le=3_600)
    """How often a process says that it lives, and looks how everything stands."""
    level_settles_s: float = Field(10, ge=0, le=86_400)
    """A level that got worse is told once it has stayed so for this long: an outage shows bit by bit."""
    rescore_every_s: float = Field(5, gt=0, le=86_400)
    rescore_batch: int = Field(200, ge=1, le=10_000)

    @field_validator(
        "cors_origins",
        "trusted_hosts",
        "trusted_proxies",
        "oidc_domains",
        "our_addresses",
        "our_names",
        "important_senders",
        "composio_tool_versions",
        mode="before",
    )
    @classmethod
    def _split(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("sample_data", mode="before")
    @classmethod
    def _not_set(cls, value: Any) -> Any:
        return None if value == "" else value

    _lower = field_validator("our_addresses", "important_senders")(shapes.addresses)
    _networks = field_validator("trusted_proxies")(shapes.networks)
    _origins = field_validator("cors_origins")(shapes.origins)
    _hosts = field_validator("trusted_hosts")(shapes.hosts)
    _domains = field_validator("oidc_domains")(shapes.domains)
    _an_origin = field_validator("composio_base_url")(shapes.origin)
    _a_sender = field_validator("mail_from")(shapes.sender)
    _an_address = field_validator("public_url", "oidc_issuer")(shapes.web_address)
    _begins_links = field_validator("public_url")(shapes.without_slash)
    _a_store = field_validator("rate_limit_store")(shapes.store)
    _pairs = field_validator("composio_tool_versions")(shapes.pairs)
    _known_database = field_validator("database_url")(shapes.database)

    @property
    def serves_demo(self) -> bool:
        """Whether integrations may be served demo data."""
        return self.environment == "development" and self.integrations_stub_mode

    @property
    def begins_with_sample(self) -> bool:
        """Whether an empty database is filled with the sample data at the first start."""
        return self.environment == "development" and self.sample_data is not False

    @property
    def level(self) -> str:
        """From which level on something is logged."""
        return "DEBUG" if self.debug else self.log_level

    @property
    def database(self) -> str:
        """The database's URL with its driver, SQLite paths absolute. Holds the password: never log it."""
        url = self.database_url.get_secret_value() or f"sqlite:///{DATA_FOLDER / 'watchfloor.db'}"
        if url.startswith("sqlite"):
            path = Path(url.split("///", 1)[1]) if "///" in url else Path("watchfloor.db")
            return f"sqlite+aiosqlite:///{path if path.is_absolute() else PROJECT_ROOT / path}"
        return "postgresql+psycopg://" + url.split("://", 1)[1]
