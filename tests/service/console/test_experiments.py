"""Experiments: planned, begun, ended and read."""

from tests.experiments.test_analysis import WINDOW, simulate

from ml.experiments import registry


def test_one_is_planned_begun_and_ended(served, visit):
    page = visit("/experiments", "ann")
    page.get_by_text("No experiments").wait_for()
    page.get_by_label("Name").fill("calmer")
    page.get_by_label("Metric").select_option("minutes")
    page.get_by_label("Variant").select_option("ials")
    page.get_by_role("button", name="Write it down").click()
    page.get_by_role("button", name="Start: calmer").click()
    page.get_by_role("button", name="End: calmer").wait_for()
    found = served.get("/experiments/calmer", "ann")
    assert (found["state"], found["definition"]["metric"]["name"]) == ("running", "minutes")
    assert found["definition"]["variants"][1]["parameters"] == {"algorithm": "ials"}
    page.get_by_role("button", name="End: calmer").click()
    page.get_by_text("ended", exact=True).wait_for()
    assert served.get("/experiments/calmer", "ann")["state"] == "stopped"
    page.get_by_label("Name").fill("calmer")
    page.get_by_role("button", name="Write it down").click()
    page.locator(".problem-place .failed").wait_for()


def test_what_can_be_tried_is_what_answers_now(served, visit):
    (used,) = (each for each in served.get("/models", "ann") if each["in_use"])
    models = served.get(f"/models/{used['version']}", "ann")["models"]
    page = visit("/experiments", "ann")
    choice = page.get_by_label("Variant")
    choice.locator("option").first.wait_for(state="attached")
    assert choice.locator("option").all_inner_texts() == [each for each in models if each != "context"]
    assert not page.get_by_text("no models yet").is_visible()


def test_a_report_draws_what_the_api_says_and_tells_it_in_a_table(served, visit):
    variants = [{"name": "A"}, {"name": "B", "parameters": {"algorithm": "ease"}}]
    served.app.experiments.create({"name": "better", "variants": variants, **WINDOW})
    simulate(served.app.workspace.store, registry.start(served.app.workspace.store, "better"), lift=0.3)
    told = served.get("/experiments/better/report", "ann")
    page = visit("/experiments", "ann")
    page.get_by_role("button", name="better", exact=True).click()
    page.get_by_text("ship it").wait_for()
    page.locator(".chart .scatterlayer .point").first.wait_for()
    assert page.locator(".chart .scatterlayer .point").count() == len(told["course"])
    assert page.evaluate("document.activeElement.id") == "report-h"
    page.get_by_text("As a table").click()
    assert page.get_by_role("row").filter(has_text="B").count() >= len(told["course"])


def test_what_to_do_is_said_in_the_language_of_the_page(served, visit):
    variants = [{"name": "A"}, {"name": "B", "parameters": {"familiar_ratio": 0.9}}]
    served.app.experiments.create({"name": "early", "variants": variants, **WINDOW, "layer": "another"})
    registry.start(served.app.workspace.store, "early")
    (reason,) = served.get("/experiments/early/report", "ann")["decision"]["because"]
    assert (reason["code"], reason["values"]["variant"]) == ("few", "B")
    page = visit("/experiments", "ann", locale="de-DE")
    page.get_by_role("button", name="early", exact=True).click()
    page.get_by_text("B oder A hat zu wenige Hörer, um etwas über Klicks zu sagen").wait_for()
