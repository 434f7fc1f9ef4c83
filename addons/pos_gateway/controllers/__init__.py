from . import bank, offers, payment, post_processing, start
