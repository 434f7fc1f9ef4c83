"""Lists of card prefixes (BIN), as banks and others send them. No Odoo, no database."""
