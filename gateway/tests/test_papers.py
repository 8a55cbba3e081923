"""Printing (R-F0, R-F15): the form of any matter, whole applications, certificates; as a reader of the PDF finds them."""

import io
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pikepdf
import pytest
from PIL import Image

from chassis.errors import NotFound
from gateway.documents import press
from gateway.parts import Parts
from gateway.testing import papers, reading_papers
from gateway.testing.rooms import Rooms
from gateway.testing.visits import Visit

FORM = f"/applications/{papers.APPLICATION}/form.pdf"
BUNDLE = f"/applications/{papers.APPLICATION}/bundle.pdf"
CERTIFICATE = f"/certificates/{papers.CERTIFICATE}/certificate.pdf"
HOSTILE = (
    '#set page(fill: red) [x] $y$ \\z @ref <lab> *粗* _斜_ `码` // 注 /* = 题 - 列 ~ #panic("x") "引" \'a\' https://x.y'
)


@pytest.fixture
def clerk(town: Any) -> Visit:
    return town.administrator(town.enterprise(), "acme-admin")


def printed(here: Visit, path: str) -> bytes:
    reply = here.get(path)
    assert reply.status_code == 200, reply.text
    assert reply.content_type == "application/pdf"
    return reply.data


def in_order(text: str, *wanted: str) -> None:
    at = -1
    for each in wanted:
        found = text.find("".join(each.split()), at + 1)
        assert found > at, f"{each} is missing, or stands before what comes first"
        at = found


def kept(parts: Parts, content: bytes, code: str, name: str) -> dict[str, Any]:
    return papers.attachment(code, parts.blobs.put(content), name, len(content))


def pdf(*, pages: int = 1, rotate: int = 0, **saved: Any) -> bytes:
    """Pages of 300 by 400 points, black in the lower left corner."""
    out = io.BytesIO()
    with pikepdf.new() as made:
        for _ in range(pages):
            page = made.add_blank_page(page_size=(300, 400))
            page.contents_add(b"0 0 60 60 re f")
            page.Rotate = rotate
        made.save(out, **saved)
    return out.getvalue()


def image(kind: str, size: tuple[int, int], mode: str = "RGB", **saved: Any) -> bytes:
    """White, black in the upper left corner."""
    made = Image.new(
        mode, size, {"CMYK": (0, 0, 0, 0), "L": 255}.get(mode, (255,) * len(Image.new(mode, (1, 1)).getbands()))
    )
    corner = Image.new(
        mode, (size[0] // 5, size[1] // 5), {"CMYK": (0, 0, 0, 255), "RGBA": (0, 0, 0, 255)}.get(mode, 0)
    )
    made.paste(corner, (0, 0))
    out = io.BytesIO()
    made.save(out, kind, **saved)
    return out.getvalue()


# The form


def test_the_form_of_a_matter_that_the_gateway_never_heard_of_is_printed_from_its_description(
    clerk: Visit, rooms: Rooms
) -> None:
    rooms.say("filing.print_application", papers.told())

    content = printed(clerk, FORM)

    text = reading_papers.words(content)
    in_order(
        text,
        "全新事项申请表",
        *(
            "申请单位",
            "河北某某安装工程有限公司",
            "受理号",
            "受130102-2026-000017",
            "已办结（通过）",
            "第2次，2026-03-0510:11",
        ),
        *(
            "工程概况",
            "工程名称",
            "某某花园一期",
            "河北省石家庄市长安区",
            "塔式起重机",
            "12,345,678.5元",
            "是",
            "2026-03-10",
        ),
        *("某某花园二期", "塔式起重机QTZ80", "参建单位", "勘察单位", "某勘察院", "王五", "甲情形"),
        *("履职人员", "人员姓名", "手机号", "张三（某公司）", "13800000001", "13800000002"),
        *(
            "场地边界",
            "边界图",
            "东西约351m，南北约334m",
            "会签",
            "某监理公司",
            "同意：同意安装",
            "某总包公司",
            "待会签",
        ),
        *("附：办理过程", "上报", "退回补正", "请补正", "名称与许可证不一致", "审批通过", "符合要求"),
    )
    assert "人员备注" not in text, "a column in which nobody wrote anything takes no room"
    assert papers.PERSON not in text and papers.NEVER_TOLD not in text, "people are named, never told by their ids"


def test_every_page_says_what_it_is_a_page_of_and_when_it_was_printed(clerk: Visit, rooms: Rooms) -> None:
    rooms.say("filing.print_application", papers.told(steps=[papers.step(n, "submit", "意见" * 40) for n in range(60)]))

    pages = reading_papers.page_words(printed(clerk, FORM))

    assert len(pages) > 2
    for number, text in enumerate(pages, start=1):
        assert f"第{number}页共{len(pages)}页" in text
        assert "第7版打印时间20" in text and papers.APPLICATION in text


def test_the_fonts_are_noto_and_travel_with_the_paper(clerk: Visit, rooms: Rooms) -> None:
    rooms.say("filing.print_application", papers.told())

    fonts = reading_papers.fonts(printed(clerk, FORM))

    assert {name.partition("+")[2].removesuffix("-Identity-H") for name in fonts} == {
        "NotoSerifSC-Regular",
        "NotoSansSC-Regular",
    }
    assert all(fonts.values())


def test_what_people_typed_stands_there_as_they_typed_it(clerk: Visit, rooms: Rooms) -> None:
    form = {**papers.FORM, "name": HOSTILE, "survey": {"name": HOSTILE, "lead": "a\nb"}, "people": [{"phone": HOSTILE}]}
    hostile = papers.told(form=form, applicant_name=HOSTILE, steps=[papers.step(1, "submit", HOSTILE)])
    hostile["labels"] = {papers.PROJECT: HOSTILE}
    hostile["matter"]["sections"][0]["fields"][0]["label"] = "工程名称"
    rooms.say("filing.print_application", hostile)

    text = reading_papers.words(printed(clerk, FORM))

    assert text.count("".join(HOSTILE.split())) >= 5


@pytest.mark.parametrize(
    "form",
    [
        {},
        {
            "name": None,
            "kind": "gone",
            "price": "many",
            "leased": "maybe",
            "people": "nobody",
            "boundary": {"type": "Point"},
        },
        {
            "name": ["a"],
            "survey": "x",
            "people": [1, None, {"person_id": 7}],
            "conditions": {"a": 1},
            "old_field": "旧内容",
        },
        {"name": "长" * 20_000, "boundary": {"type": "Polygon", "coordinates": [[[1, 1], [1, 1]]]}},
        {"boundary": {"type": "MultiPolygon", "coordinates": [[papers.SQUARE], [papers.SQUARE]]}},
    ],
)
def test_a_draft_and_a_form_of_older_days_are_printed_too(clerk: Visit, rooms: Rooms, form: dict[str, Any]) -> None:
    draft = papers.told(
        form=form,
        stage="draft",
        outcome=None,
        round_shown=None,
        submissions=[],
        acceptance_number=None,
        agency_name=None,
    )
    rooms.say("filing.print_application", draft)

    text = reading_papers.words(printed(clerk, FORM))

    assert "草稿，尚未上报" in text
    assert "受理号" not in text
    assert ("old_field旧内容" in text) == ("old_field" in form)


def test_a_round_is_asked_for_and_the_file_has_a_name(clerk: Visit, rooms: Rooms) -> None:
    rooms.say("filing.print_application", papers.told())

    reply = clerk.get(f"{FORM}?round=1")

    assert rooms.asked_of("filing.print_application")[-1].request == {"application_id": papers.APPLICATION, "round": 1}
    assert unquote(reply.headers["Content-Disposition"]).endswith("全新事项-河北某某安装工程有限公司-申请表.pdf")
    assert reply.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", [FORM, BUNDLE, CERTIFICATE])
def test_who_may_not_see_the_record_gets_no_paper(
    clerk: Visit, visit: Callable[..., Visit], rooms: Rooms, path: str
) -> None:
    for rpc in ("filing.print_application", "filing.get_certificate"):
        rooms.say(rpc, NotFound("not_found"))

    assert clerk.get(path).status_code == 404
    assert visit().get(path).status_code == 401


def test_one_rpc_a_paper(clerk: Visit, rooms: Rooms) -> None:
    rooms.say("filing.print_application", papers.told())
    rooms.say("filing.get_certificate", papers.certificate())
    for path in (FORM, BUNDLE, CERTIFICATE):
        before = len(rooms.asked)
        printed(clerk, path)
        assert len([each for each in rooms.asked[before:] if each.name != "filing.sign_in_profile"]) == 1


# The whole application


def test_the_whole_has_a_cover_list_the_form_and_every_attachment_in_order(
    clerk: Visit, rooms: Rooms, parts: Parts
) -> None:
    listed = [
        kept(parts, pdf(pages=3), "N2", "资质.pdf"),
        kept(parts, image("JPEG", (300, 400)), "N1", "备案-1.jpg"),
        kept(parts, image("PNG", (400, 300)), "N1", "备案-2.png"),
        kept(parts, pdf(), "Z9", "其他.pdf"),
    ]
    rooms.say("filing.print_application", papers.told(attachments=listed))

    content = printed(clerk, BUNDLE)

    pages = reading_papers.page_words(content)
    form_pages = len(pages) - 1 - 6
    assert form_pages >= 1
    first = 2 + form_pages
    in_order(
        pages[0],
        "全新事项办件全卷",
        *("目录", "申请表", f"{form_pages}2", "附件1N1备案证明（1/2）", "备案-1.jpg", f"1{first}"),
        *("附件2N1备案证明（2/2）", "备案-2.png", f"1{first + 1}", "附件3N2资质证书", "资质.pdf", f"3{first + 2}"),
        *("附件4Z9", "其他.pdf", f"1{first + 5}"),
    )
    for number, text in enumerate(pages, start=1):
        assert f"全卷第{number}页/共{len(pages)}页" in text
    assert "全新事项申请表" in pages[1]
    assert "附件3N2资质证书" in pages[first + 1] and "附件3N2资质证书" in pages[first + 3]
    marks = [each["/Title"] for each in reading_papers.reader(content).outline]
    assert marks == [
        "目录",
        "申请表",
        "附件1　N1 备案证明（1/2）",
        "附件2　N1 备案证明（2/2）",
        "附件3　N2 资质证书",
        "附件4　Z9",
    ]


def test_pictures_and_pages_stand_upright_as_they_are_looked_at(clerk: Visit, rooms: Rooms, parts: Parts) -> None:
    lying = Image.Exif()
    lying[0x0112] = 6  # the camera was turned: a quarter to the right makes it upright
    listed = [
        kept(parts, image("JPEG", (300, 400)), "N1", "a.jpg"),
        kept(parts, image("JPEG", (400, 300), exif=lying), "N1", "b.jpg"),
        kept(parts, image("JPEG", (300, 400), "CMYK"), "N1", "c.jpg"),
        kept(parts, image("PNG", (300, 400), "RGBA"), "N1", "d.png"),
        kept(parts, image("JPEG", (300, 400), "L", progressive=True), "N1", "e.jpg"),
        kept(parts, pdf(), "N2", "f.pdf"),
        kept(parts, pdf(rotate=90), "N2", "g.pdf"),
    ]
    rooms.say("filing.print_application", papers.told(attachments=listed))

    content = printed(clerk, BUNDLE)

    pages = reading_papers.reader(content).pages
    first = len(pages) - len(listed)
    upper_left, upper_right = [True, False, False, False], [False, True, False, False]
    expected = [upper_left, upper_right, upper_left, upper_left, upper_left]
    for place, corner in enumerate(expected):
        found = _dark_corner(content, first + place)
        assert found == corner.index(True), listed[place]["name"]
    assert _dark_corner(content, first + 5) == 2
    assert _dark_corner(content, first + 6) == 0, (
        "turned a quarter to the right, the lower left corner is the upper left"
    )
    width, height = pages[first + 6].mediabox.width, pages[first + 6].mediabox.height
    assert (width, height) == (400, 300)


def _dark_corner(content: bytes, page: int) -> int:
    """In which quarter of the page the black square is: 0 upper left, 1 upper right, 2 lower left, 3 lower right."""
    looked = reading_papers.picture(content, page).convert("L")
    box = Image.eval(looked, lambda light: 255 if light < 60 else 0).getbbox()
    assert box is not None
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return (1 if x > looked.width / 2 else 0) + (2 if y > looked.height / 2 else 0)


def bomb() -> bytes:
    """A picture of 600 KB that would be gigabytes of pixels."""
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    return out.getvalue()


def endless() -> bytes:
    """A PDF whose page tree goes round in a ring."""
    head = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R]/Count 9>>endobj\n"
    return head + b"trailer<</Root 1 0 R>>\n%%EOF"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (pdf(encryption=pikepdf.Encryption(user="secret", owner="secret")), "此文件设有打开密码"),
        (b"%PDF-1.7\n" + b"x" * 1000, "此文件已损坏或无法识别"),
        (pdf(pages=2)[:40], "此文件已损坏或无法识别"),
        (endless(), "此文件已损坏或无法识别"),
        (pdf(pages=301), "此文件超过300页"),
        (b"\xff\xd8\xff" + b"x" * 1000, "此文件已损坏或无法识别"),
        (image("JPEG", (300, 400))[:700], "此文件已损坏或无法识别"),
        (bomb(), "此图片的像素过多"),
        (None, "此文件暂时读取不到"),
    ],
    ids=["locked", "no-pdf", "cut", "endless", "long", "no-picture", "cut-picture", "bomb", "lost"],
)
def test_what_cannot_be_bound_has_a_page_that_says_so_and_the_rest_is_there(
    clerk: Visit, rooms: Rooms, parts: Parts, content: bytes | None, said: str
) -> None:
    bad = papers.attachment("N1", "0" * 64, "坏.pdf") if content is None else kept(parts, content, "N1", "坏.pdf")
    rooms.say("filing.print_application", papers.told(attachments=[bad, kept(parts, pdf(), "N2", "好.pdf")]))

    pages = reading_papers.page_words(printed(clerk, BUNDLE))

    assert said in pages[0]
    assert said in pages[-2] and "坏.pdf" in pages[-2] and bad["sha256"] in pages[-2]
    assert "附件2N2资质证书" in pages[-1]


def test_what_is_left_of_a_file_that_was_cut_off_is_there_with_a_warning(
    clerk: Visit, rooms: Rooms, parts: Parts
) -> None:
    cut = pdf(pages=2).partition(b"xref")[0]
    listed = [kept(parts, cut, "N1", "断.pdf"), kept(parts, pdf(), "N2", "好.pdf")]
    rooms.say("filing.print_application", papers.told(attachments=listed))

    pages = reading_papers.page_words(printed(clerk, BUNDLE))

    in_order(pages[0], "断.pdf", "附件2")
    assert pages[0].count("此文件不规范或不完整，请与原件核对") == 1
    assert "附件1N1备案证明" in pages[-3] and "附件1N1备案证明" in pages[-2]


def test_a_pdf_that_only_forbids_changes_is_bound_and_nothing_in_it_can_act(
    clerk: Visit, rooms: Rooms, parts: Parts
) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as made:
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        made.Root.OpenAction = script
        link = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 99, 99], A=made.make_indirect(script)
        )
        made.pages[0].obj.Annots = made.make_indirect(pikepdf.Array([link]))
        made.pages[0].obj.AA = pikepdf.Dictionary(O=script)
        made.save(out, encryption=pikepdf.Encryption(user="", owner="secret"))
    rooms.say("filing.print_application", papers.told(attachments=[kept(parts, out.getvalue(), "N1", "a.pdf")]))

    content = printed(clerk, BUNDLE)

    reader = reading_papers.reader(content)
    assert "/Annots" not in reader.pages[-1] and "/AA" not in reader.pages[-1]
    assert "/OpenAction" not in reader.trailer["/Root"] and b"app.alert" not in content


def test_an_electronic_seal_in_a_pdf_is_still_seen(clerk: Visit, rooms: Rooms, parts: Parts) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as made:
        seal = made.make_stream(
            b"0 0 50 50 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 50, 50]
        )
        stamp = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Stamp,
            Rect=[240, 340, 290, 390],
            F=4,
            AP=pikepdf.Dictionary(N=seal),
        )
        made.pages[0].contents_add(b"1 1 1 rg 0 0 60 60 re f")
        made.pages[0].obj.Annots = made.make_indirect(pikepdf.Array([made.make_indirect(stamp)]))
        made.save(out)
    rooms.say("filing.print_application", papers.told(attachments=[kept(parts, out.getvalue(), "N1", "a.pdf")]))

    content = printed(clerk, BUNDLE)

    assert _dark_corner(content, len(reading_papers.reader(content).pages) - 1) == 1


def test_too_many_at_once_are_told_to_come_again(
    clerk: Visit, rooms: Rooms, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    rooms.say("filing.print_application", papers.told())
    monkeypatch.setattr(press, "WAIT_SECONDS", 0.01)
    places = parts.press._places
    for _ in range(press.AT_ONCE):
        places.acquire()

    refused = clerk.get(FORM)
    assert (refused.status_code, refused.json["code"]) == (503, "press_busy")
    assert refused.headers["Retry-After"] == "5"

    places.release()
    assert clerk.get(FORM).status_code == 200


def test_one_that_takes_too_long_is_ended(
    clerk: Visit, rooms: Rooms, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    rooms.say(
        "filing.print_application", papers.told(attachments=[kept(parts, pdf(), "N1", f"{n}.pdf") for n in range(50)])
    )
    monkeypatch.setattr(press, "LONGEST_SECONDS", 0.2)

    refused = clerk.get(BUNDLE)

    assert (refused.status_code, refused.json["code"]) == (503, "print_too_long")


# Certificates


def test_a_certificate_is_an_official_paper_with_a_code_that_leads_to_its_public_page(
    clerk: Visit, rooms: Rooms, parts: Parts
) -> None:
    rooms.say("filing.get_certificate", papers.certificate())

    content = printed(clerk, CERTIFICATE)

    in_order(
        reading_papers.words(content),
        *(
            "石家庄市长安区建筑工程安全监督站",
            "编号：冀使130102-2026-00001",
            "建筑起重机械使用登记证",
            "持证单位",
            "河北某某建设工程有限公司",
        ),
        *(
            "工程名称",
            "某某花园一期",
            "设备类型",
            "塔式起重机",
            "发证日期",
            "2026年3月5日",
            "有效期至",
            "2099年2月23日",
        ),
        *("石家庄市长安区建筑工程安全监督站", "（盖章）", "2026年3月5日", "验证码ABCD-EFGH-JKMN-PQRS", "第1版打印时间"),
    )
    assert f"anjian.example/v/{papers.CODE}" in reading_papers.words(content)
    assert "第1页共1页" in reading_papers.words(content)
    signature = parts.signatures.sign(papers.CODE, papers.certificate())
    assert reading_papers.code(content) == f"https://anjian.example/v/{papers.CODE}?s={signature}"
    assert all(reading_papers.fonts(content).values())


@pytest.mark.parametrize(
    ("changes", "mark"),
    [
        ({}, None),
        ({"stage": "cancelled"}, "已注销"),
        ({"stage": "suspended"}, "已暂停"),
        ({"stage": "replaced"}, "已换发"),
        ({"valid_to": "2020-01-01"}, "已过期"),
        ({"valid_to": None}, None),
    ],
)
def test_one_that_is_not_in_force_says_so_across_the_paper(
    clerk: Visit, rooms: Rooms, changes: dict[str, Any], mark: str | None
) -> None:
    rooms.say("filing.get_certificate", papers.certificate(**changes))

    text = reading_papers.words(printed(clerk, CERTIFICATE))

    assert [each for each in ("已注销", "已暂停", "已换发", "已过期") if each in text] == ([mark] if mark else [])
    assert ("有效期至" in text) == (changes.get("valid_to", "") is not None)


def test_hostile_names_on_a_certificate_are_names(clerk: Visit, rooms: Rooms) -> None:
    lines = [{"name": "project", "label": "工程名称", "text": HOSTILE}] * 30
    rooms.say("filing.get_certificate", papers.certificate(holder_name=HOSTILE, agency_name=HOSTILE, lines=lines))

    content = printed(clerk, CERTIFICATE)

    assert reading_papers.words(content).count("".join(HOSTILE.split())) >= 33
    pages = len(reading_papers.reader(content).pages)
    assert pages > 1
    assert len({reading_papers.code(content, page) for page in range(pages)}) == 1, "each page leads to the public page"


def test_without_a_public_address_the_code_leads_to_where_it_was_asked_for(
    clerk: Visit, visit: Callable[..., Visit], rooms: Rooms
) -> None:
    rooms.say("filing.get_certificate", papers.certificate())
    here = Visit(visit(public_address="").client, clerk.token)

    assert reading_papers.code(printed(here, CERTIFICATE)).startswith(f"http://localhost/v/{papers.CODE}?s=")
