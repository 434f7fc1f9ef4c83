from . import (
    home,
    open_items,
    collections,
    collection_payment,
    panel,
    people,
    sub_dealers,
    customers,
)
