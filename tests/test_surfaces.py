from __future__ import annotations

from winback.surfaces import on_a_page, option

NAMES = {"--scale": "“Scale”", "--score": "“Score”", "--date-format dmy": "“Dates” day first"}


def test_an_option_as_it_is_called_where_one_reads() -> None:
    def said() -> list[str]:
        return [
            option("--scale", "1-5"),
            option("--score", "COL"),
            option("--date-format", "dmy"),
            option("--map", "periods.count_calls=COL"),
        ]

    typed = ["--scale 1-5", "--score COL", "--date-format dmy", "--map periods.count_calls=COL"]
    assert said() == typed
    with on_a_page(NAMES):
        assert said() == ["“Scale” 1-5", "“Score”", "“Dates” day first", "“Count calls”"]
        with on_a_page({"--scale": "the scale"}):
            assert option("--scale") == "the scale" and option("--rejected", "FILE") == "--rejected FILE"
        assert option("--scale") == "“Scale”"
    assert said() == typed
