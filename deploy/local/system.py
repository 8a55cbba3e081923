"""The whole system on this machine: servers → databases and migrations → topology → processes."""

import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from chassis.localservers import accounts, children
from chassis.localservers.accounts import Account
from chassis.localservers.keys import Keys
from chassis.localservers.passwords import Passwords
from chassis.localservers.ports import LOOPBACK, Ports
from chassis.localservers.rabbitmq import RabbitMQ
from deploy.local import plan
from deploy.local.environment import CALENDAR, Environments, databases
from deploy.local.plan import Service
from deploy.local.servers import Servers
from deploy.local.supervisor import Supervised, Supervisor, run_to_end

LOOK_SECONDS = 0.25
OPERATOR_NAME = "operator"


class System:
    """`start`, `stay`, `stop`; what is reached on the way is told through `tell`.

    `name` is that of its databases, so that several systems can share a given PostgreSQL. `environments` stands once it
    has started or attached: what each process is given.
    """

    environments: Environments

    def __init__(self, state: Path, tell: Callable[[str], None], *, name: str = "anjian") -> None:
        self.state = state
        self.name = name
        self.tell = tell
        self.services = plan.services()
        self.ports = Ports(state / "ports.json")
        self.passwords = Passwords(state / "keys" / "passwords.json")
        self.servers = Servers(state, self.ports, self.passwords)
        self.supervisor = Supervisor(tell)
        self._ending = threading.Event()
        self._changing = threading.Lock()
        self.operator_password = state / "keys" / "operator-password"

    def start(self) -> None:
        """Everything but the demo province; raises `NotStarted`."""
        self.stop_left_over()
        with ThreadPoolExecutor() as pool:
            # The broker takes its six seconds; meanwhile the databases are made.
            broker = pool.submit(self.servers.start_rabbitmq)
            postgres = self.servers.start_postgres()
            self.tell(f"database   {postgres.origin}")
            made = databases(self._database_names(), self.passwords, partial(accounts.create, postgres.admin_uri))
            rabbitmq = broker.result()
            self.tell(f"broker     {rabbitmq.origin}")
            self.environments = self._environments(rabbitmq, made)
            list(pool.map(self._migrate, self.services))
            for each in [pool.submit(self._declare), pool.submit(self._create_operator)]:
                each.result()
        self.supervisor.start(self._wanted())
        self.tell(f"processes  {len(self.supervisor.all)} running, their logs are in {self.state / 'logs'}")

    def attach(self) -> None:
        """To a system that runs already, started by another process: gives `environments`."""
        postgres, rabbitmq = self.servers.running_postgres(), self.servers.running_rabbitmq()
        known = databases(self._database_names(), self.passwords, partial(accounts.known, postgres.admin_uri))
        self.environments = self._environments(rabbitmq, known)

    def address(self) -> str:
        return f"http://{LOOPBACK}:{self.ports('gateway-web')}"

    def stay(self) -> None:
        """Start again what dies, until `stop`, or an exception (Ctrl-C's above all)."""
        while not self._ending.wait(LOOK_SECONDS):
            with self._changing:
                if not self._ending.is_set():
                    self.servers.look_after(self.tell)
                    self.supervisor.look_after()

    def stop(self) -> None:
        """Also while another thread stays: nothing is started again behind the back of the one who stops."""
        self._ending.set()
        with self._changing:
            self.supervisor.stop()
            self.servers.stop()

    def stop_left_over(self) -> None:
        """Stop what a killed run left behind, so that its ports are free again."""
        for pid_file in sorted((self.state / "pids").glob("*.pid")):
            children.stop_left_over(pid_file)
        self.servers.stop_left_over()

    def forget(self) -> None:
        """Stop what is left over and remove all data."""
        self.stop_left_over()
        self.forget_servers()
        shutil.rmtree(self.state, ignore_errors=True)

    def forget_servers(self) -> None:
        """Remove the databases and queues."""
        self.servers.forget(self._database_names().values())

    def _database_names(self) -> dict[str, str]:
        return {each.name: f"{self.name}_{each.name}" for each in self.services if "database" in each.needs}

    def _environments(self, rabbitmq: RabbitMQ, of_services: dict[str, Account]) -> Environments:
        calendar = self.state / CALENDAR
        if not calendar.exists():
            calendar.write_text("date,kind,source\n", encoding="utf-8")
        keys = Keys(self.state / "keys")
        return Environments(self.state, self.services, rabbitmq, of_services, keys, self.passwords, self.ports)

    def _migrate(self, service: Service) -> None:
        if "database" in service.needs:
            log = self.state / "logs" / f"{service.name}-migrate.log"
            run_to_end(["-m", service.name, "migrate"], self.environments.of_migration(service), log)

    def _declare(self) -> None:
        log = self.state / "logs" / "topology.log"
        run_to_end(["-m", "chassis.topology", "declare"], self.environments.of_operator(), log)

    def _create_operator(self) -> None:
        """The platform's first account, with which all others are opened; if it is there already, nothing changes."""
        if not self.operator_password.exists():
            self.operator_password.touch(mode=0o600)
            # The prefix makes sure of capitals, digits and signs, which the gateway asks for.
            self.operator_password.write_text(f"Op-1-{self.passwords(OPERATOR_NAME)}")
        gateway = next(each for each in self.services if each.name == "gateway")
        command = ["-m", "gateway", "create-operator", "--username", OPERATOR_NAME]
        options = ["--password-file", str(self.operator_password)]
        log = self.state / "logs" / "gateway-create-operator.log"
        run_to_end([*command, *options], self.environments.of_service(gateway), log)

    def _wanted(self) -> list[Supervised]:
        return [
            Supervised(
                name=process.name,
                command=process.command,
                environment=self.environments.of_process(service, process),
                health_port=self.environments.health_port(process),
                patient=process.patient,
                log=self.state / "logs" / f"{process.name}.log",
                pid_file=self.state / "pids" / f"{process.name}.pid",
            )
            for service in self.services
            for process in service.processes
        ]
