from pathlib import Path

import rjsmin

SCRIPTS = Path(__file__).resolve().parents[2] / "static" / "src" / "interactions"


def test_a_payer_loads_less_than_ten_kilobytes_of_our_scripts():
    """As Odoo serves them: minified, before any compression."""
    minified = [rjsmin.jsmin(path.read_text()) for path in SCRIPTS.glob("*.js")]
    assert minified
    assert sum(len(text.encode()) for text in minified) < 10_000
