"""The tables of enforcement: a file a subject."""

from chassis.database import Base
from enforcement.models.cases import Case, CaseAct, CaseClock, CaseConduct, CasePayment
from enforcement.models.documents import Document, DocumentOpening, NumberBlock, NumberSeries, VoidSerial
from enforcement.models.inspections import Evidence, Finding, Inspection, InspectionOfficer
from enforcement.models.orders import Order, OrderAct, Rectification, Transfer
from enforcement.models.plans import Draw, DrawReveal, Interest, Plan, PlannedVisit, PlanSite
from enforcement.models.sites import Firm, Officer, Site
from enforcement.models.tallies import FigureMonth, FigureTally, RectifiedTally

__all__ = [
    "Base",
    "Case",
    "CaseAct",
    "CaseClock",
    "CaseConduct",
    "CasePayment",
    "Document",
    "DocumentOpening",
    "Draw",
    "DrawReveal",
    "Evidence",
    "FigureMonth",
    "FigureTally",
    "Finding",
    "Firm",
    "Inspection",
    "InspectionOfficer",
    "Interest",
    "NumberBlock",
    "NumberSeries",
    "Officer",
    "Order",
    "OrderAct",
    "Plan",
    "PlanSite",
    "PlannedVisit",
    "Rectification",
    "RectifiedTally",
    "Site",
    "Transfer",
    "VoidSerial",
]
