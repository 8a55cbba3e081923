"""What was really done, line by line, by whatever process: `began hello`, `ended hello`."""

from pathlib import Path

from echo.settings import EchoSettings


class Evidence:
    def __init__(self, file: Path) -> None:
        self.file = file

    def __call__(self, line: str) -> None:
        with self.file.open("a") as file:
            file.write(f"{line}\n")


def evidence_from(settings: EchoSettings) -> Evidence:
    return Evidence(settings.evidence)
