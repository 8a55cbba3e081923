"""Every matter (事项) by its code, in the order in which a portal lists them."""

from filing.matters import (
    dismantling_notice,
    enterprise_registration,
    inspection_report,
    install_notice,
    installer_filing,
    lessor_filing,
    machine_filing,
    machine_registration,
    personnel_change,
    safety_filing,
    use_registration,
)
from filing.matters.base import Matter

ALL: dict[str, Matter] = {
    each.code: each
    for each in (
        enterprise_registration.MATTER,
        safety_filing.MATTER,
        personnel_change.MATTER,
        lessor_filing.MATTER,
        machine_filing.MATTER,
        machine_registration.MATTER,
        installer_filing.MATTER,
        install_notice.MATTER,
        use_registration.MATTER,
        inspection_report.MATTER,
        dismantling_notice.MATTER,
    )
}
