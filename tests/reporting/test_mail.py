"""A report as a mail: its words, and nothing that a mail program would not show."""

from email import message_from_bytes, policy
from pathlib import Path

from calltrack_nb.reporting.mail import write_mail

PAGE = """<title>Owner's page - Mary's</title><style>p {}</style><main>
<section class="ct-answer"><p>Sixty calls &amp; more qualified.</p><ul>
<li class="ct-key"><span>Calls</span><b>60</b><small>49 to 75</small></li></ul></section>
<h2>Bare of words</h2><table><tr><td>cell</td></tr></table><h2>Earnings</h2><h3>Cakes</h3>
<figure class="ct-chart"><figcaption class="ct-finding"><b>Cakes earn.</b> <span>unit</span>
</figcaption><svg><text>axis</text></svg></figure>
<figure class="ct-quote"><blockquote>I want a cake</blockquote><audio src="data:x"></audio></figure>
<ol class="ct-todo"><li><b>Ring one caller.</b> <a class="ct-see" href="audit.html">See number
audit</a></li></ol><p>The <a href="#section-2">goal</a>, as <a href="https://x.example/g">set</a>.</p>
<details><p>method</p></details><h3>Also bare</h3></main><script>alert(1)</script>"""


def test_a_mail_holds_the_words_in_two_forms(tmp_path: Path) -> None:
    """Sentences, figures, quotes and what charts show are in both; links and all else are not."""
    page = tmp_path / "owner_brief-2026-08.html"
    page.write_text(PAGE, encoding="utf-8")
    message = message_from_bytes(write_mail(page).read_bytes(), policy=policy.default)
    assert message["Subject"] == "Owner's page - Mary's"
    assert message["To"] is None
    for kind in ("plain", "html"):
        said = message.get_body((kind,)).get_content()
        for words in ("Sixty calls", "Calls: 60 (49 to 75)", "I want a cake"):
            assert words in said
        assert "The goal, as set (https://x.example/g)." in said
        assert "Ring one caller." in said
        for shown in ("Earnings", "Cakes earn."):
            assert shown.upper() in said.upper()
        for other in (
            "bare",
            "BARE",
            "unit",
            "cell",
            "axis",
            "method",
            "alert",
            "data:x",
            "<script",
            "<svg",
            "href",
            "See number",
        ):
            assert other not in said
