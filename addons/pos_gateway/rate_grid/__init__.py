"""Rates in the form in which banks send them: a row an installment count, a column a
card program. No Odoo, no database.
"""

from .grid import Grid, GridLine, Problem
from .reading import read_grid
from .writing import write_grid

__all__ = ["Grid", "GridLine", "Problem", "read_grid", "write_grid"]
