"""The cluster of all tests, for ``script/test``: others join it while it runs.

``start`` also prepares the database that all test databases are copied from, once.
"""

import sys

from .stack import base_database, test_cluster

if __name__ == "__main__":
    cluster = test_cluster()
    if sys.argv[1] == "start":
        base_database(cluster, cluster.data.parent / "base")
    else:
        cluster.is_ours = True
        cluster.stop()
