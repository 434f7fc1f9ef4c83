"""The packets that only the bank reads. Their inside is our own invention.

Hexadecimal text: a nonce, the sealed text, and a check of both.
"""

import hashlib
import hmac

NONCE_BYTES = 16
CHECK_BYTES = 16

REQUEST_1 = "request-1"  # oosRequestData's data1
REQUEST_2 = "request-2"
MERCHANT = "merchant"  # MerchantPacket of the return
BANK = "bank"


class BadPacket(Exception):
    """Not a packet of this bank, or not the kind that belongs here."""


class Sealer:
    """Seals and opens packets with a key that follows from the bank's seed."""

    def __init__(self, seed):
        self._key = hashlib.sha256(f"posnet packets {seed}".encode()).digest()

    def seal(self, kind, token, nonce):
        """
        :param nonce: hexadecimal text, at least 16 bytes
        """
        head = bytes.fromhex(nonce)[:NONCE_BYTES]
        body = self._cover(head, f"{kind}:{token}".encode())
        return (head + body + self._check(head + body)).hex().upper()

    def open(self, kind, packet):
        """Return the token that a packet of this kind holds."""
        try:
            raw = bytes.fromhex(packet)
        except ValueError:
            raise BadPacket() from None
        sealed, check = raw[:-CHECK_BYTES], raw[-CHECK_BYTES:]
        if not hmac.compare_digest(check, self._check(sealed)):
            raise BadPacket()
        head, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        found, _colon, token = self._cover(head, body).decode().partition(":")
        if found != kind:
            raise BadPacket()
        return token

    def open_pair(self, kinds, packets, sign):
        """Return the token of two packets that belong together and are signed."""
        if not hmac.compare_digest(sign.encode(), self.sign(*packets).encode()):
            raise BadPacket()
        tokens = {
            self.open(kind, packet) for kind, packet in zip(kinds, packets, strict=True)
        }
        if len(tokens) != 1:
            raise BadPacket()
        return tokens.pop()

    def sign(self, *packets):
        return self._check("".join(packets).encode()).hex().upper()

    def _check(self, data):
        return hmac.new(self._key, data, hashlib.sha256).digest()[:CHECK_BYTES]

    def _cover(self, head, text):
        """Combine a text with a key stream; doing it twice gives the text back."""
        blocks = range(len(text) // 32 + 1)
        stream = b"".join(
            hashlib.sha256(self._key + head + bytes([number])).digest()
            for number in blocks
        )
        return bytes(a ^ b for a, b in zip(text, stream, strict=False))
