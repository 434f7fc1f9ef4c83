from . import bank, offers, payment
