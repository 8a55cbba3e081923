"""Whoever keeps references to files is asked before one is removed (decision 0025)."""

import re

from gateway import uploaded
from tests.architecture.source import ROOT, SERVICES


def test_every_service_that_reads_the_blob_store_is_asked_which_files_it_uses() -> None:
    readers = {
        service
        for service in SERVICES
        if any(
            re.search(r"\bBlobStore\(", file.read_text())
            for file in (ROOT / f"services/{service}/{service}").rglob("*.py")
        )
    }

    assert readers == {rpc.service for rpc in uploaded.USERS}
    for service in readers:
        assert (ROOT / f"services/{service}/contract/rpc/{uploaded.USERS[0].method}.json").exists()
