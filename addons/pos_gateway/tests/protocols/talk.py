"""Our side of the talk with a bank, for the tests of one family."""

import pytest
import suite
from pos_gateway.protocols.answers import Message, Refused
from pos_gateway.protocols.types import Call


class Talk:
    """What we build, ask, believe and understand.

    :param bank: the family's module in ``cases``
    :param call: what every call of these tests has
    """

    def __init__(self, family, bank, **call):
        self.family, self.bank, self.call = family, bank, call
        self.pack = getattr(bank, "pack", tuple)

    def built(self, terminal=None, **changes):
        """:return: the fields of the form; changes are to the order"""
        terminal = terminal or self.bank.terminal()
        return dict(self.family.build(terminal, self.bank.order(**changes)).fields)

    def verified(self, fields, terminal=None, **changes):
        """:return: the proven message; changes are to the order"""
        message = Message(tuple(self.pack(fields)))
        terminal = terminal or self.bank.terminal()
        return self.family.verify(terminal, self.bank.order(**changes), message)

    def meaning(self, fields, terminal=None, **changes):
        terminal = terminal or self.bank.terminal()
        return self.family.parse(terminal, self.verified(fields, terminal, **changes))

    def refusal(self, fields, **changes):
        """:return: the reason why the message is not believed"""
        with pytest.raises(Refused) as caught:
            self.verified(fields, **changes)
        return caught.value.reason

    def call_of(self, operation, **changes):
        return Call(operation, **suite.held(operation) | self.call | changes)

    def request(self, operation, terminal=None, order=None, **changes):
        """:return: what we send; changes are to the call"""
        terminal, order = terminal or self.bank.terminal(), order or self.bank.order()
        return self.family.ask(terminal, order, self.call_of(operation, **changes))

    def answered(self, operation, body, order=None, terminal=None, **changes):
        """:return: what an answer means; changes are to the call"""
        terminal, order = terminal or self.bank.terminal(), order or self.bank.order()
        call = self.call_of(operation, **changes)
        return self.family.parse(
            terminal, self.family.read(terminal, order, call, body)
        )
