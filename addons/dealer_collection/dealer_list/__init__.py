"""A list of dealers as people send it, checked row by row: no Odoo, no database."""
