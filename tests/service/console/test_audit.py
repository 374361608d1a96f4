"""The audit log, looked through and verified."""


def test_it_is_verified_which_is_itself_written_down(served, visit):
    page = visit("/audit")
    page.get_by_role("button", name="Verify").click()
    page.get_by_text("whole", exact=True).wait_for()
    (record,) = served.get("/audit?what=audit.verify")["records"]
    assert (record["who"], record["how"], record["result"]) == ("account:1", "console", "ok")


def test_it_is_searched(served, visit):
    with served.api("lis") as client:
        assert client.get("/keys").status_code == 403
    page = visit("/audit")
    page.locator("#records tbody tr").first.wait_for()
    page.get_by_label("Result").select_option("denied")
    page.get_by_role("button", name="Show").click()
    page.locator("#records tbody tr").nth(1).wait_for(state="detached")
    page.locator("#records tbody tr").get_by_text("list_keys").wait_for()
    assert page.locator("#records tbody tr").count() == len(served.get("/audit?result=denied")["records"]) == 1
    page.get_by_label("What").fill("nothing_of_the_kind")
    page.keyboard.press("Enter")
    page.get_by_text("No records").wait_for()
