from odoo.tests import TransactionCase, tagged

from ..models.error_words import HELPS, helps, payer_sentence, staff_sentence
from ..protocols.codes import REASONS

WAYS = {"another_card", "single_payment", "try_later", "another_pos", "call_bank", ""}


@tagged("post_install", "-at_install")
class TestErrorWords(TransactionCase):
    def test_every_reason_has_its_words(self):
        self.assertEqual(set(HELPS), set(REASONS))
        default = payer_sentence(self.env, "other")
        for reason in REASONS:
            self.assertIn(helps(reason), WAYS)
            if reason != "other":
                self.assertNotEqual(payer_sentence(self.env, reason), default, reason)
        staff = {staff_sentence(self.env, reason) for reason in REASONS}
        self.assertEqual(len(staff), len(REASONS))

    def test_what_is_not_known_gets_the_general_words(self):
        for reason in (False, "", "no such reason"):
            self.assertIn("did not accept", payer_sentence(self.env, reason))
            self.assertTrue(staff_sentence(self.env, reason))

    def test_a_thief_is_not_told_that_the_card_is_known_as_stolen(self):
        self.assertNotIn("stolen", payer_sentence(self.env, "lost_or_stolen"))

    def test_the_words_are_turkish_for_who_reads_turkish(self):
        self.env["res.lang"]._activate_lang("tr_TR")
        turkish = self.env(context={"lang": "tr_TR"})
        for words in (payer_sentence, staff_sentence):
            for reason in REASONS:
                self.assertNotEqual(words(turkish, reason), words(self.env, reason))
