"""`make new-migration S=filing M="what it does"`: an empty migration numbered after the last."""

import sys

from chassis.migrations import new_migration
from deploy.local.plan import ROOT, services


def main(service: str, message: str) -> int:
    folders = {each.name: each.folder / "migrations" for each in services()}
    if service not in folders or not message.strip():
        print(f'usage: make new-migration S={"|".join(folders)} M="what it does"')
        return 2
    print(new_migration(folders[service], message).relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
