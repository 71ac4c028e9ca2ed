"""Which parts are the text, and how HTML becomes one."""

from app.integrations.exports.html_text import to_text
from tests.integrations.mail.build import item, multipart

PLAIN = "Content-Type: text/plain; charset=utf-8\n\n"
HTML = "Content-Type: text/html; charset=utf-8\n\n"


def html(source: str) -> str:
    problems: list[str] = []
    text = to_text(source, problems)
    assert problems == []
    return text


def test_plain_text_is_preferred_over_its_html_twin() -> None:
    assert multipart(PLAIN + "plain", HTML + "<p>rich", kind="alternative").text == "plain"


def test_a_stub_gives_way_to_the_html() -> None:
    stub = PLAIN + "Your mail reader does not support HTML messages."

    assert multipart(stub, HTML + "<p>The news", kind="alternative").text == "The news"


def test_an_empty_plain_part_gives_way_to_the_html() -> None:
    assert multipart(PLAIN + " \n", HTML + "<p>Rich", kind="alternative").text == "Rich"


def test_a_message_that_only_carries_another_says_what_that_one_says() -> None:
    read = multipart("Content-Type: message/rfc822\n\nFrom: carol@x.example\nSubject: Leak\n\nThe roof leaks.")

    assert "The roof leaks." in read.text
    assert read.attachments[0].name == "Leak.eml"


def test_flowed_text_is_joined() -> None:
    read = item("One line \nthat goes on.\n> quoted \n> too\n", content_type="text/plain; format=flowed")

    assert read.text == "One line that goes on."
    assert read.quoted == "> quoted too"


def test_an_undeclared_boundary_is_found_in_the_text() -> None:
    read = item("--x1\nContent-Type: text/plain\n\nfound\n--x1--\n", content_type="multipart/mixed")

    assert read.text == "found"
    assert "boundary" in read.problems[0]


def test_a_multipart_without_any_boundary_is_read_as_text() -> None:
    read = item("just words", content_type="multipart/mixed; boundary=nowhere")

    assert read.text == "just words"
    assert read.problems == ("The parts of the message could not be told apart; all is read as one text.",)


def test_an_unclosed_part_runs_to_the_end() -> None:
    assert item("--e\n\nopen end", content_type="multipart/mixed; boundary=e").text == "open end"


def test_an_unknown_transfer_encoding_is_said() -> None:
    assert item(content_transfer_encoding="rot13").problems[0].startswith("Transfer encoding “rot13” is unknown")


def test_scripts_styles_and_hidden_text_are_dropped() -> None:
    source = "<style>p{}</style><script>x()</script><div style='display:none'>preheader</div><p>Seen\u200b\u034f</p>"

    assert html(source) == "Seen"


def test_links_stay_where_they_say_more_than_their_words() -> None:
    text = html('<a href="https://x.example/pay">Pay now</a> or <a href="https://y.example">https://y.example</a>')

    assert text == "Pay now <https://x.example/pay> or https://y.example"


def test_tables_stay_readable() -> None:
    assert html("<table><tr><td>Rent</td><td>900</td></tr><tr><td>Water</td><td>40</td></tr></table>").split() == [
        *("Rent", "900", "Water", "40")
    ]


def test_quoted_blocks_of_html_mail_are_quoted_history() -> None:
    read = item("<p>Yes.</p><blockquote type='cite'><p>Shall we?</p></blockquote>", content_type="text/html")

    assert (read.text, read.quoted) == ("Yes.", "> Shall we?")


def test_html_that_is_too_large_is_stripped_and_says_so() -> None:
    read = item("<p>word</p>" * 70_000, content_type="text/html")

    assert read.text.startswith("word")
    assert "tags were only taken away" in read.problems[0]


def test_html_of_nothing_but_comments_is_empty() -> None:
    assert html("<!-- nothing -->") == ""
