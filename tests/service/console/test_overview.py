"""The overview: what is here, and jobs."""


def test_it_counts_what_the_api_counts_and_begins_and_stops_jobs(served, visit):
    page = visit("/")
    status = served.get("/status")
    page.locator("dd").filter(has_text=f"{status['data']['listens']}").wait_for()
    page.get_by_text("Not measured yet").wait_for()
    page.get_by_text("No jobs").wait_for()
    page.get_by_label("What to begin").select_option("snapshot")
    page.get_by_role("button", name="Begin").click()
    page.get_by_text("Snapshot #1").wait_for()
    (job,) = served.get("/jobs")
    assert (job["kind"], job["owner"]) == ("snapshot", "account:1")
    if job["state"] == "queued":  # nobody runs it here
        page.get_by_role("button", name="Stop job 1").click()
        page.get_by_text("stopped", exact=True).wait_for()
        assert served.get("/jobs/1")["state"] == "cancelled"


def test_an_analyst_sees_and_begins_nothing(visit):
    page = visit("/", "ann")
    page.get_by_text("in use").wait_for()
    assert page.get_by_role("button", name="Begin").count() == 0


def test_what_cannot_be_loaded_says_why_and_can_be_tried_again(visit):
    page = visit("/listener", "lis")
    page.locator("[data-item]").first.wait_for()
    page.route("**/api/v1/recommendations", lambda route: route.abort())
    page.get_by_label("How many").fill("3")
    page.get_by_text("The service does not answer").wait_for()
    page.complaints.clear()  # the browser says that the request was cut off
    page.unroute("**/api/v1/recommendations")
    page.get_by_role("button", name="Try again").click()
    page.locator("[data-item]").nth(2).wait_for()
    assert page.locator("[data-item]").count() == 3


def test_scores_are_drawn_and_told_in_a_table(visit):
    def score(value, low, high):
        gain = {"above_popularity": value - 0.1, "above_popularity_ci": [low - 0.1, high - 0.1]}
        return {"task": "discovery", "n_listeners": 40, "ndcg@20": {"value": value, "ci": [low, high], **gain}}

    def measured(route):
        answer = route.fetch()
        scores = {"popularity": score(0.1, 0.08, 0.12), "hybrid": score(0.3, 0.25, 0.35), "odd": score(0.12, 0.05, 0.2)}
        route.fulfill(response=answer, json=answer.json() | {"scores": scores})

    page = visit("/login", name="ann")
    page.route("**/api/v1/status", measured)
    page.goto(page.url.replace("/login", "/"))
    page.locator(".chart .scatterlayer .point").nth(2).wait_for()
    page.get_by_text("As a table").click()
    rows = page.locator("#scores tbody tr").all_inner_texts()
    said = [(row.split()[0], row.split("\t")[-1]) for row in rows]
    assert said == [("hybrid", "better for sure"), ("odd", "unclear"), ("popularity", "baseline")]
    before = page.locator(".chart .xtick text").first.evaluate("text => getComputedStyle(text).fill")
    page.get_by_label("Appearance").select_option("dark")
    page.wait_for_function(
        "old => getComputedStyle(document.querySelector('.chart .xtick text')).fill !== old", arg=before
    )


def test_why_a_set_is_not_in_use_is_said_in_the_language_of_the_page(visit):
    gate = {"by": 0.0123, "low": -0.001, "high": 0.02, "listeners": 1234}

    def judged(route):
        answer = route.fetch()
        (found,) = answer.json()
        some = [
            found | {"passed": False, "why": "said", "gate": gate},
            found | {"passed": None, "why": "said", "gate": {}},
        ]
        route.fulfill(response=answer, json=some)

    page = visit("/login", name="ann", locale="de-DE")
    page.route("**/api/v1/models", judged)
    page.goto(page.url.replace("/login", "/"))
    told = (
        "hybrid liegt +0,0123 ndcg@20 von der Beliebtheit (-0,0010 … +0,0200, 1.234 Hörer): sicher besser ist das nicht"
    )
    page.get_by_text(told).wait_for()
    page.get_by_text("nicht gemessen: nichts war beiseitegelegt").wait_for()
