from . import (
    access_log,
    agreement,
    bank,
    offers,
    payment,
    points,
    post_processing,
    recurring,
    start,
)
