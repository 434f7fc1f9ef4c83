from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestStyles(TransactionCase):
    """One mistake in a style sheet, and Odoo shows all pages without any style."""

    def test_the_style_sheets_of_portal_and_staff_compile(self):
        for name in ("web.assets_frontend", "web.assets_backend"):
            with self.subTest(bundle=name):
                bundle = self.env["ir.qweb"]._get_asset_bundle(name, js=False)
                self.assertTrue(bundle.preprocess_css())
                self.assertFalse(bundle.css_errors)
