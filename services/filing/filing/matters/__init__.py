"""Every matter (事项) by its code, in the order in which a portal lists them."""

from filing.matters import (
    civilised_site,
    comprehensive_assessment,
    dismantling_notice,
    enterprise_papers,
    enterprise_registration,
    inspection_report,
    install_notice,
    installer_filing,
    lessor_filing,
    machine_cancellation,
    machine_filing,
    machine_registration,
    machine_release,
    person_release,
    personnel_change,
    safety_filing,
    supervision_resumption,
    supervision_suspension,
    supervision_termination,
    use_registration,
)
from filing.matters.base import Matter

ALL: dict[str, Matter] = {
    each.code: each
    for each in (
        enterprise_registration.MATTER,
        enterprise_papers.MATTER,
        safety_filing.MATTER,
        personnel_change.MATTER,
        supervision_suspension.MATTER,
        supervision_resumption.MATTER,
        civilised_site.MATTER,
        comprehensive_assessment.MATTER,
        supervision_termination.MATTER,
        lessor_filing.MATTER,
        machine_filing.MATTER,
        machine_registration.MATTER,
        machine_cancellation.MATTER,
        installer_filing.MATTER,
        install_notice.MATTER,
        use_registration.MATTER,
        inspection_report.MATTER,
        dismantling_notice.MATTER,
        machine_release.MATTER,
        person_release.MATTER,
    )
}


def _certificates() -> dict[str, str]:
    """Kind → title of whatever is issued; of two with one title, the later says of which matter it is."""
    titles: dict[str, str] = {}
    for each in ALL.values():
        if each.certificate is not None:
            title = each.certificate.title
            titles[each.certificate.kind] = title if title not in titles.values() else f"{title}（{each.title}）"
    return titles


CERTIFICATES = _certificates()
