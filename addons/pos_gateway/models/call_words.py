import logging
from dataclasses import dataclass
from types import ModuleType

from ..protocols.answers import Outcome, Refused
from ..protocols.redact import no_cards
from ..protocols.types import Call, Order, Request, Terminal

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Words:
    """A call as it goes out, with all that is needed to read the answer.

    :ivar transaction_id: None if it is about no payment
    """

    request: Request
    family: ModuleType
    terminal: Terminal
    order: Order
    call: Call
    transaction_id: int | None
    provider_id: int

    def understand(self, body: bytes) -> tuple[Outcome | None, frozenset[str]]:
        """:return: what the bank says, if we believe it; numbers that are no card"""
        try:
            proven = self.family.read(self.terminal, self.order, self.call, body)
            outcome = self.family.parse(self.terminal, proven)
        except Refused as refused:
            reason = refused.reason
        except Exception as error:  # a fault of ours: the answer is stored all the same
            reason = type(error).__name__
        else:
            return outcome, no_cards(proven)
        _logger.warning(
            "bank order %s: the answer to %s is refused: %s",
            self.order.order_id,
            self.call.operation,
            reason,
        )
        return None, frozenset()
