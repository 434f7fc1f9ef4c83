from . import (
    access_log,
    agreement,
    bank,
    offers,
    payment,
    post_processing,
    recurring,
    start,
)
