"""A bank of our own on loopback, for tests and for the demo.

It plays the bank's side of the virtual POS protocols: it shows the card page,
authorises, signs and delivers the result, answers status, void, refund and capture
requests, closes its day, and misbehaves on demand.

It was written from the bank's side of the documentation and shares no code with the
addons: a mistake in one reading of a protocol then shows as a disagreement between
the two. See ``README.md`` for how to start and steer it.
"""
