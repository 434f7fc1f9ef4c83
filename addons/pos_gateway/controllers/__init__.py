from . import bank, dispatcher, offers, payment
