"""The tables of enforcement: a file a subject."""

from chassis.database import Base
from enforcement.models.cases import Case, CaseAct, CaseClock, CaseConduct, CasePayment
from enforcement.models.documents import Document, DocumentOpening, NumberBlock, NumberSeries, VoidSerial
from enforcement.models.inspections import Evidence, Finding, Inspection, InspectionOfficer
from enforcement.models.orders import Order, OrderAct, Rectification
from enforcement.models.sites import Firm, Officer, Site

__all__ = [
    "Base",
    "Case",
    "CaseAct",
    "CaseClock",
    "CaseConduct",
    "CasePayment",
    "Document",
    "DocumentOpening",
    "Evidence",
    "Finding",
    "Firm",
    "Inspection",
    "InspectionOfficer",
    "NumberBlock",
    "NumberSeries",
    "Officer",
    "Order",
    "OrderAct",
    "Rectification",
    "Site",
    "VoidSerial",
]
