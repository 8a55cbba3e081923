"""Staff, their certificates and their locks."""

from gateway.api.routes import Route, delete, get, patch, post, put
from gateway.api.v1 import files
from gateway.bus import Rpc

ONE = "/people/{person_id}"
CERTIFICATE = f"{ONE}/certificates/{{certificate_id}}"
IMPORTING = 60.0

ROUTES: tuple[Route, ...] = (
    get("/people", Rpc("personnel", "list_people"), "单位人员列表（身份证号、手机号脱敏）", scope="people"),
    post("/people", Rpc("personnel", "add_person"), "录入人员", scope="people", status=201),
    get("/people/candidates", Rpc("personnel", "find_people"), "选人：某岗位可用的人员", scope="people"),
    get("/people/template", files.STAFF_TEMPLATE, "人员导入模板", scope="people", media_type=files.WORKBOOK),
    post("/people/imports", Rpc("personnel", "import_staff", IMPORTING), "批量导入人员", scope="people"),
    get(ONE, Rpc("personnel", "get_person"), "人员详情（脱敏）", scope="people"),
    patch(ONE, Rpc("personnel", "change_person"), "修改人员", scope="people"),
    get(f"{ONE}/photo", files.PERSON_PHOTO, "人员照片", scope="people", media_type=files.ANY_FILE),
    post(f"{ONE}/unmask", Rpc("personnel", "unmask_person"), "查看完整身份证号和手机号（留痕）", scope="people"),
    post(f"{ONE}/release", Rpc("personnel", "release_person"), "解除聘用", scope="people"),
    get(f"{ONE}/locks", Rpc("personnel", "list_locks"), "人员的锁定记录", scope="people"),
    get(f"{ONE}/holder", Rpc("personnel", "get_person_holder"), "某时由谁占用", scope="people"),
    post(f"{ONE}/certificates", Rpc("personnel", "add_certificate"), "添加证书", scope="people", status=201),
    put(CERTIFICATE, Rpc("personnel", "change_certificate"), "修改证书", scope="people"),
    delete(CERTIFICATE, Rpc("personnel", "remove_certificate"), "删除证书", scope="people"),
    post("/person-locks/{lock_id}/unlock", Rpc("personnel", "unlock_person"), "解除人员锁定", scope="people"),
)
