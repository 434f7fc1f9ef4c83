"""Everything at once: cluster, database, bank simulator, Odoo server."""

import os
import time
from pathlib import Path

from .cluster import Cluster, reachable_folder
from .odoo_server import ADDONS, OdooCommand, OdooServer
from .simulator import Simulator

ROOT = Path(__file__).resolve().parents[2]

# Attachments in the database, so that a copy of the database is complete.
MAKE_TURKISH = """
env['ir.config_parameter'].set_param('ir_attachment.location', 'db')
env['ir.attachment'].force_storage()
env['res.lang']._activate_lang('tr_TR')
env.company.write({
    'country_id': env.ref('base.tr').id,
    'name': 'Anadolu Dayanıklı Tüketim A.Ş.',
    'street': 'Barbaros Bulvarı 145',
    'city': 'İstanbul',
    'zip': '34349',
    'state_id': env['res.country.state'].search(
        [('country_id.code', '=', 'TR'), ('code', '=', '34')]).id,
})
"""

# Odoo's own demo data puts the main company on a generic chart in dollars, whatever its
# country. Before anything of ours is there, it is put on the Turkish chart instead.
TAKE_TURKISH_CHART = """
env['account.chart.template'].try_loading('tr', env.company, install_demo=True)
assert env.company.currency_id.name == 'TRY', env.company.currency_id.name
"""


def test_cluster() -> Cluster:
    """The cluster of all tests, running. The disk is not asked: only Odoo is killed.

    Who wants to run tests beside others names a folder in ``DC_TEST_FOLDER``.
    """
    wanted = Path(os.environ.get("DC_TEST_FOLDER") or ROOT / ".local" / "test")
    folder = reachable_folder(wanted, f"test-{os.getuid()}")
    return Cluster(folder / "cluster", durable=False).start()


def base_database(cluster: Cluster, folder: Path) -> str:
    """A database with Odoo's own modules on the Turkish chart, to copy from.

    It holds nothing of ours, so it is kept for the next run of the same Odoo.
    """
    version = Path(os.environ["DC_ODOO"]).parents[3].name
    name = "base-" + "".join(c if c.isalnum() else "-" for c in version)
    if name in cluster.databases():
        return name
    building = f"{name}-building"
    cluster.drop_database(building)
    command = OdooCommand(cluster, building, folder)
    command.write_config()
    command.install("base")
    command.shell(MAKE_TURKISH)
    command.install("account_payment")
    command.shell(TAKE_TURKISH_CHART)
    cluster.execute("postgres", f'ALTER DATABASE "{building}" RENAME TO "{name}"')
    return name


def make_database(
    cluster: Cluster, name: str, folder: Path, addons=ADDONS
) -> OdooCommand:
    """A fresh database with our addons and their demo data."""
    template = base_database(cluster, folder)
    cluster.drop_database(name)
    cluster.create_database(name, template)
    command = OdooCommand(cluster, name, folder)
    command.write_config()
    command.install(*addons)
    return command


class Stack:
    """:param folder: configuration, logs and attachments of this one go there"""

    def __init__(self, cluster, name, folder, *, debug=False, ports=(None, 0)):
        self.cluster = cluster
        self.name = name
        self.folder = Path(folder)
        self.debug = debug
        self.ports = ports

    def start(self, addons=ADDONS):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.command = make_database(self.cluster, self.name, self.folder, addons)
        return self.serve()

    def serve(self):
        """Start what serves; the database is there already."""
        self.bank = Simulator(self.folder / "bank.log", port=self.ports[1]).start()
        self.server = OdooServer(self.command, port=self.ports[0], debug=self.debug)
        self.command.shell(
            f"env.ref('pos_gateway.demo_provider').gateway_test_address"
            f" = {self.bank.url!r}\n"
            f"env['ir.config_parameter'].set_param('web.base.url',"
            f" {self.server.url!r})\n"
            f"env['ir.config_parameter'].set_param('web.base.url.freeze', 'True')\n"
        )
        self.server.start()
        return self

    def stop(self):
        for part in ("server", "bank"):
            if hasattr(self, part):
                getattr(self, part).stop()

    def query(self, statement, parameters=None):
        return self.cluster.query(self.name, statement, parameters)


def wait_for(condition, seconds: float = 60, what: str = "it"):
    """:return: the first true value of ``condition``"""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.1)
    raise AssertionError(f"{what} did not happen within {seconds} seconds")
