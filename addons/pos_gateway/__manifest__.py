{
    "name": "Virtual POS Gateway (Turkish banks)",
    "version": "19.0.1.0.0",
    "category": "Accounting/Payment Providers",
    "summary": "Take card payments on your own bank's virtual POS: hosted 3-D page,"
    " installments, surcharge, posted and reconciled entries",
    "author": "Dealer Collection",
    "license": "LGPL-3",
    "depends": ["account_payment"],
    "data": [
        "security/pos_gateway_security.xml",
        "security/ir.model.access.csv",
        "views/payment_form_templates.xml",
        "data/payment_provider_data.xml",
        "data/product_data.xml",
        "data/ir_cron_data.xml",
        "views/payment_provider_views.xml",
        "views/payment_transaction_views.xml",
        "views/pos_gateway_message_views.xml",
        "views/pos_gateway_inbox_views.xml",
        "views/pos_gateway_offer_views.xml",
        "views/pos_gateway_menus.xml",
    ],
    "demo": ["demo/pos_gateway_demo.xml"],
    "assets": {
        "web.assets_frontend": [
            "pos_gateway/static/src/interactions/**/*",
            "pos_gateway/static/src/scss/**/*",
        ],
    },
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
