{
    "name": "Dealer Collection: Sales Orders",
    "version": "19.0.1.0.0",
    "category": "Accounting/Payment",
    "summary": "A dealer's credit limit and block hold for its orders too",
    "author": "Dealer Collection",
    "license": "LGPL-3",
    "depends": ["dealer_collection", "sale"],
    "auto_install": True,
}
