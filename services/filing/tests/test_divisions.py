"""The list of divisions and the paths that agencies watch (domain.md §8.1)."""

import pytest

from filing import divisions


def test_hebei_has_eleven_cities_and_167_counties_however_they_are_governed():
    levels = [each.level for each in divisions.all_divisions()]

    # 定州 and 辛集 are two of the 167 on the national list, and act at city level here; 雄安 is on no list.
    assert levels.count("province") == 1
    assert levels.count("city") == 11 + 2 + 1
    assert levels.count("county") == 167 - 2


@pytest.mark.parametrize(
    ("code", "area"),
    [
        ("130000", "13"),
        ("130100", "13.1301"),
        ("130102", "13.1301.130102"),
        ("130181", "13.130181"),
        ("130682", "13.130682"),
        ("133100", "13.133100"),
        ("130629", "13.133100.130629"),
        ("131182", "13.1311.131182"),
    ],
)
def test_an_area_is_a_path_and_dingzhou_xinji_xiongan_stand_under_the_province(code, area):
    assert divisions.division(code).area == area
    assert divisions.of_area(area).code == code


def test_a_zone_belongs_to_the_division_above_it():
    assert divisions.of_area("13.1301.z-1").code == "130100"
    assert divisions.of_area("13.1301.130102.z-1").code == "130102"
    assert divisions.filing_letters("13.1301.130102.z-1") == "AB"
    assert not divisions.is_within("13.1301020", "13.130102")


def test_an_area_outside_the_province_is_unknown():
    with pytest.raises(KeyError):
        divisions.of_area("11.1101")


def test_no_two_divisions_share_their_letters_in_a_machine_filing_number():
    letters = [each.letters for each in divisions.all_divisions() if each.level != "province"]

    assert len(set(letters)) == len(letters)
    assert all(len(each) == 2 and each.isascii() and each.isupper() for each in letters)


def test_a_full_name_reads_from_the_province_down():
    assert divisions.full_name("13.1301.130102") == "河北省石家庄市长安区"
    assert divisions.full_name("13.133100.130638") == "河北省雄安新区雄县"
    assert divisions.full_name("13.130682") == "河北省定州市"


def test_the_list_tells_its_source_and_its_day():
    assert "2260" in divisions.source().document
    assert divisions.source().as_of.year == 2023
