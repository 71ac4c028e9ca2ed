"""scripts/check-secrets finds what is planted, in the tree and in what is staged, and nothing in this repository."""

import subprocess
from pathlib import Path
from secrets import token_hex, token_urlsafe

import pytest

from app.domains.identity.keys import new_key
from scripts.checking.secrets import ROOT, allowed, main

PLANTED = {
    "AWS Access Key": "AKIA" + "Q3EGRXK5TV2NLB7Z",
    "Slack Token": "-".join(("xoxb", "204857301948", "204857301949", token_hex(12))),
    "Private Key": "-----BEGIN RSA PRIVATE" + " KEY-----",
    "Watchfloor key": new_key()[0],
    "Hex High Entropy String": f'SECRET = "{token_hex(32)}"',
    "Base64 High Entropy String": f'token = "{token_urlsafe(48)}"',
    "GitHub Token": "ghp_" + "aB3x" * 9,
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "scripts" / "checking").mkdir(parents=True)
    (tmp_path / "scripts" / "checking" / "allowed-secrets.toml").write_text("allowed = []\n")
    (tmp_path / ".gitignore").write_text(".env\n")
    git(tmp_path, "init", "--quiet")
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True)


def looked(folder: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(["--root", str(folder), *arguments])
    return code, capsys.readouterr().out


def test_this_repository_holds_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert looked(ROOT, capsys) == (0, "")


@pytest.mark.parametrize("kind", list(PLANTED))
def test_what_is_planted_is_found_and_not_told(repository: Path, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    (repository / "notes.py").write_text(f"# a file\n{PLANTED[kind]}\n")

    code, said = looked(repository, capsys)

    assert code == 1
    assert f"notes.py:2: {kind}, digest " in said
    assert PLANTED[kind].split('"')[1 if '"' in PLANTED[kind] else 0] not in said


@pytest.mark.parametrize(
    ("file", "line", "kind"),
    [
        ("deploy.env", "MAIL_PASSWORD=" + "tulpenfeld", "Setting"),
        ("notes.md", "export SECRET_KEY='" + "our-tulips-in-may'", "Setting"),
        ("deploy.py", 'OIDC_CLIENT_SECRET = "' + 'tulpenfeld"', "Setting"),
        ("deploy.yaml", "  COMPOSIO_API_KEY: " + "tulpenfeld", "Setting"),
        ("deploy.json", '{"mail": {"password": "' + 'tulpenfeld"}}', "Password in data"),
        ("deploy.toml", 'api_key = "' + 'tulpenfeld"', "Password in data"),
        ("notes.md", "redis://:" + "tulpenfeld@cache:6379/0", "Password in an address"),
    ],
)
def test_what_people_chose_is_found_by_its_name(
    repository: Path, capsys: pytest.CaptureFixture[str], file: str, line: str, kind: str
) -> None:
    (repository / file).write_text(f"{line}\n")

    code, said = looked(repository, capsys)

    assert (code, f"{file}:1: {kind}, digest " in said) == (1, True)
    assert "tul" not in said


@pytest.mark.parametrize(
    "line",
    [
        "MAIL_PASSWORD=",
        "SECRET_KEY=<your key>",
        "COMPOSIO_API_KEY=$KEY",
        "redis://:PASSWORD@host",
        "SECRET_KEY=changeme",
    ],
)
def test_what_shows_a_form_is_none(repository: Path, capsys: pytest.CaptureFixture[str], line: str) -> None:
    (repository / "notes.md").write_text(f"{line}\n")

    assert looked(repository, capsys) == (0, "")


def test_what_git_ignores_is_left_alone(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / ".env").write_text(PLANTED["AWS Access Key"])

    assert looked(repository, capsys) == (0, "")


def test_what_is_staged_is_found_although_the_file_was_mended_since(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "a.txt").write_text(PLANTED["Watchfloor key"])
    git(repository, "add", "a.txt")
    (repository / "a.txt").write_text("nothing")
    (repository / "b.txt").write_text(PLANTED["Slack Token"])

    code, said = looked(repository, capsys, "--staged")

    assert (code, said.count("a.txt:1: Watchfloor key"), "b.txt" in said) == (1, 1, False)
    assert "a.txt:1" in looked(repository, capsys)[1]


def test_what_is_allowed_has_a_reason_and_is_there(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = repository / "scripts" / "checking" / "allowed-secrets.toml"
    (repository / "a.txt").write_text(PLANTED["AWS Access Key"])
    listed.write_text('[[allowed]]\npath = "a.*"\nkind = "AWS Access Key"\nreason = "made up for a test"\n')
    assert looked(repository, capsys)[0] == 0

    (repository / "a.txt").write_text("nothing")
    assert "nothing in a.* is what this entry allows" in looked(repository, capsys)[1]

    listed.write_text('[[allowed]]\npath = "a.txt"\nreason = "whatever is in it"\n')
    with pytest.raises(ValueError, match="needs a reason, and a kind or a digest"):
        allowed(listed)
