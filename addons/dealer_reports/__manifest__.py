{
    "name": "Dealer Reports",
    "version": "19.0.1.0.0",
    "category": "Accounting/Payment",
    "summary": "What dealers paid by card: by tier, POS, installments and day, down to"
    " the journal entry; for each dealer the figures of its own branch",
    "author": "Dealer Collection",
    "license": "LGPL-3",
    "depends": ["dealer_collection"],
    "data": [
        "security/ir.model.access.csv",
        "security/dealer_reports_rules.xml",
        "views/dealer_collection_report_views.xml",
        "views/portal_home_templates.xml",
        "views/portal_report_templates.xml",
    ],
    "assets": {
        "web.assets_frontend": [
            "dealer_reports/static/src/scss/**/*",
        ],
    },
    "post_init_hook": "post_init_hook",
}
