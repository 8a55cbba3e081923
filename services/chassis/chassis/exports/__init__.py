"""Exports: a list written to an Excel workbook in the background, however many rows it has.

    LISTS = {"machines": Exportable("机械设备", COLUMNS, ListMachinesRequest, query, cells)}

    start(sessions, LISTS, call, request, clock)      in the rpc process: what is wanted is put down, nothing is written
    job(tools, LISTS)                                 in the scheduler: writes what waits, forgets what is old

One repeatable-read transaction gives the count that is promised and the rows that are written, so the file holds exactly
as many as it says. It sees what its asker sees. A process that is killed leaves the export to the next one, which begins
it anew; after some days the file is gone.
"""

from chassis.exports.asking import get, listed, start
from chassis.exports.lists import Cell, Column, Exportable
from chassis.exports.schemas import Export, ExportPage, GetExport, ListExports, StartExport
from chassis.exports.writing import Exporter, job

__all__ = [
    "Cell",
    "Column",
    "Export",
    "ExportPage",
    "Exportable",
    "Exporter",
    "GetExport",
    "ListExports",
    "StartExport",
    "get",
    "job",
    "listed",
    "start",
]
