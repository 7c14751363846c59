# SPDX-License-Identifier: MPL-2.0
"""A page hears what it declared and nothing else."""

from types import ModuleType

import pytest
from django.http import HttpResponse
from django.test import override_settings
from django.urls import clear_url_caches, path

from arkanum.web import doors, urls
from arkanum.web.hearing import heard_by, hears
from tests.web.browser import Browser, text

FORM = "application/x-www-form-urlencoded"


@doors.public
@hears("GET", "POST", form={"name": 5, "row-N-street": 3}, query={"page": 2})
def echo(request):
    return HttpResponse(repr([sorted(request.POST.items()), sorted(request.GET.items())]))


@doors.public
@hears("POST", body="application/octet-stream")
def stream(request):
    return HttpResponse(request.read())


@pytest.fixture
def browser():
    """A browser before a product with two more pages."""
    twin = ModuleType("twin")
    twin.urlpatterns = [path("echo", echo), path("stream", stream), *urls.urlpatterns]
    for code in (400, 403, 404, 500):
        setattr(twin, f"handler{code}", getattr(urls, f"handler{code}"))
    with override_settings(ROOT_URLCONF=twin):
        clear_url_caches()
        yield Browser()
    clear_url_caches()


def test_a_field_that_was_not_declared_does_not_reach_the_page(browser):
    page = text(browser.post("/echo?page=1&admin=1", {"name": "Dora", "is_admin": "1", "row-3-street": "Weg"}))

    assert page == "[[('name', 'Dora'), ('row-3-street', 'Weg')], [('page', '1')]]"


@pytest.mark.parametrize(
    "body", ["name=Dora&name=Emil", "name=Dorothea", "name=%00", "row-1-street=Gasse", "row-1-street=a&row-1-street=b"]
)
def test_two_values_too_many_letters_and_nul_are_refused(browser, body):
    assert browser.post("/echo", body, content_type=FORM).status_code == 400


def test_two_values_in_the_address_are_refused(browser):
    assert browser.get("/echo?page=1&page=2").status_code == 400
    assert browser.get("/echo?page=123").status_code == 400


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "text/xml", f"{FORM}; charset=utf-7", ""])
def test_a_body_of_another_type_is_refused(browser, kind):
    assert browser.generic("POST", "/echo", b"name=Dora", content_type=kind).status_code == 400


def test_a_file_in_a_form_is_refused(browser):
    body = b'--x\r\nContent-Disposition: form-data; name="name"; filename="a.html"\r\n\r\n<b>\r\n--x--\r\n'

    assert browser.generic("POST", "/echo", body, content_type="multipart/form-data; boundary=x").status_code == 400


def test_a_page_that_takes_a_stream_takes_no_form(browser):
    assert browser.post("/stream", {"name": "x"}).status_code == 400
    assert text(browser.post("/stream", b"abc", content_type="application/octet-stream")) == "abc"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "X" * 100])
def test_another_method_is_answered_with_the_ones_that_are_heard(browser, method):
    response = browser.generic(method, "/echo")

    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD, POST"
    assert "nicht aufgerufen" in text(response)


def test_a_method_in_a_header_or_field_changes_nothing(browser):
    for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        assert browser.post("/echo", {"_method": "DELETE"}, headers={name: "DELETE"}).status_code == 200


def test_a_route_that_does_not_say_what_it_hears_is_an_error_at_start():
    @doors.public
    def silent(request):
        return HttpResponse()

    class Routes:
        urlpatterns = (path("stumm", silent),)

    with override_settings(ROOT_URLCONF=Routes):
        found = doors.check_routes()

        assert [message.id for message in found] == ["arkanum.E002"]
        assert '@hears("GET"' in found[0].msg
        with pytest.raises(doors.DoorMissing, match="stumm"):
            doors.require_marks()


def test_every_route_of_the_product_hears_get_or_post_and_no_other():
    for route in doors.routes():
        heard = heard_by(route.callback)

        assert heard is not None
        assert set(heard.methods) <= {"GET", "POST"}, route.name
        assert heard.methods, route.name
