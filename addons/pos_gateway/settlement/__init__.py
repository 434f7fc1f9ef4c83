"""What a bank says it pays, what it paid, and how both differ from what was agreed.

No Odoo, no database. Readers (``pos_report``, ``vomsis``, ``iyzico``, ``mt940``,
``camt053``, ``account_list``) give rows and lines; ``three_way`` compares them with
``books``. Amounts are integer kuruş.
"""
