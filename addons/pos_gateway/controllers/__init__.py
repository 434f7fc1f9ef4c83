from . import access_log, bank, offers, payment, post_processing, recurring, start
