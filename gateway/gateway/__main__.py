"""python -m gateway web | positions | migrate | create-operator --username … --password-file …"""

import argparse
import sys
from pathlib import Path

from chassis.clock import now
from chassis.database import engine, session_factory, transaction
from chassis.errors import Refusal
from chassis.migrations import migrate
from chassis.settings import SettingsError, load
from gateway import operators, server
from gateway.positions import server as positions
from gateway.settings import GatewaySettings

MIGRATIONS = Path(__file__).parents[1] / "migrations"


def main(arguments: list[str]) -> int:
    asked = _parser().parse_args(arguments)
    try:
        settings = load(GatewaySettings)
        if asked.command == "web":
            server.serve(settings)
        elif asked.command == "positions":
            positions.serve(settings)
        elif asked.command == "migrate":
            migrate(settings.database_uri, MIGRATIONS)
        else:
            _create_operator(settings, asked)
    except (SettingsError, Refusal) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _create_operator(settings: GatewaySettings, asked: argparse.Namespace) -> None:
    password = Path(asked.password_file).read_text(encoding="utf-8").strip()
    bound_to = engine(settings.database_uri, pool_size=1)
    with transaction(session_factory(bound_to)) as session:
        made = operators.create(session, now, asked.username, password)
    print(f"operator {asked.username} {'created' if made else 'is there already; nothing changed'}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m gateway")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("web", help="serve the API")
    commands.add_parser("positions", help="serve the door for positions")
    commands.add_parser("migrate", help="bring the database, as its owner, to the newest form")
    operator = commands.add_parser("create-operator", help="the platform's first account")
    operator.add_argument("--username", required=True)
    operator.add_argument("--password-file", required=True)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
