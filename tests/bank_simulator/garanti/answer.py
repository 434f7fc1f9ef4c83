"""GVPSResponse: what came of a request, signed."""

from dataclasses import dataclass, field

from ..faults import signed
from ..orders import Transaction
from ..xml_documents import write_tree
from .form import password_of
from .hashing import answer_hash, security_data

APPROVED = ("00", "00", "")


@dataclass
class Result:
    """What is answered: ``outcome`` is Code, ReasonCode and ErrorMsg.

    ``host_ref`` replaces the row's where an inquiry has a reference of its own.
    """

    outcome: tuple
    detail: str = ""
    row: Transaction | None = None
    host_ref: str = ""
    order: dict = field(default_factory=dict)
    rewards: dict = field(default_factory=dict)
    lost_after_seconds: float | None = None
    source: str = "HOST"

    @property
    def code(self):
        return self.outcome[0]

    @property
    def reason(self):
        return self.outcome[1]

    @property
    def refused(self):
        return self.code != "00" and not self.row


def write_answer(bank, fields, result, terminal, faults=()):
    """Return the bytes of the answer."""
    order_id = fields.get("Order/OrderID", "")
    transaction = _transaction(bank, result)
    return write_tree(
        "GVPSResponse",
        {
            "Mode": fields.get("Mode", ""),
            "Terminal": {
                name: fields.get(f"Terminal/{name}", "")
                for name in ("ProvUserID", "UserID", "ID", "MerchantID")
            },
            "Customer": {
                "IPAddress": fields.get("Customer/IPAddress", ""),
                "EmailAddress": fields.get("Customer/EmailAddress", ""),
            },
            "Order": {"OrderID": order_id, "GroupID": "", **result.order},
            "Transaction": _signed(fields, transaction, order_id, terminal, faults),
        },
    )


def _transaction(bank, result):
    code, reason, text = result.outcome
    row = result.row
    return {
        "Response": {
            "Source": "GVPS" if result.refused else result.source,
            "Code": code,
            "ReasonCode": reason,
            "Message": "Approved" if code == "00" else "Declined",
            "ErrorMsg": text,
            "SysErrMsg": result.detail,
        },
        "RetrefNum": result.host_ref or (row.host_ref if row else ""),
        "AuthCode": row.auth_code if row else "",
        "BatchNum": batch_number(row),
        "SequenceNum": sequence_number(row),
        "ProvDate": bank.clock.now().strftime("%Y%m%d %H:%M:%S"),
        "CardNumberMasked": row.masked.replace("***", "******") if row else "",
        "CardHolderName": "",
        "CardType": "",
        "HostMsgList": "",
        "RewardInqResult": {"RewardList": "", "ChequeList": "", **result.rewards},
    }


def _signed(fields, transaction, order_id, terminal, faults):
    """Sign with the password of the asking user, or of the terminal's answer user."""
    if not terminal or terminal.family != "garanti":
        return {**transaction, "HashData": ""}
    user = terminal.extra.get("answer_user") or fields.get("Terminal/ProvUserID", "")
    password = password_of(terminal, user)
    if not password:
        return {**transaction, "HashData": ""}
    values = [
        transaction["Response"]["Code"],
        transaction["RetrefNum"],
        transaction["AuthCode"],
        transaction["ProvDate"],
        order_id,
    ]
    old = fields.get("Version") != "512"

    def sign(key):
        security = security_data(key, terminal.client_id)
        return answer_hash(values, security, old_version=old)

    return signed(transaction, "HashData", sign, password, faults)


def batch_number(row):
    return row.settle_id.zfill(6) if row and row.settle_id else ""


def sequence_number(row):
    """Return six digits that belong to the row; their value means nothing."""
    return row.host_ref[-6:] if row and row.host_ref else ""
