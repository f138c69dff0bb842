"""Addresses that webhooks may be sent to, told from those inside a network in whatever spelling."""

import pytest

from notifications.channels.pinned_post import UnsafeAddress, checked_url, is_public


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/", "ftp://hooks.example/", "https://", "https://user:pw@hooks.example/", "file:///etc/passwd",
        "https://127.0.0.1/", "https://2130706433/", "https://0x7f.1/", "https://0177.0.0.1/", "https://[::1]/",
        "https://[::ffff:169.254.169.254]/", "https://[64:ff9b::a00:1]/", "https://localhost/", "https://db.internal/",
        "https://[bad/", "https://hooks.example:99999/",
    ],
)  # fmt: skip
def test_an_address_that_is_no_webhook_or_lies_inside_is_refused_when_it_is_typed(url: str) -> None:
    with pytest.raises(UnsafeAddress):
        checked_url(url)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f::1"])
def test_addresses_in_the_open_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", ["100.64.0.1", "224.0.0.1", "0.0.0.0", "192.168.1.1", "fe80::1%eth0"])
def test_addresses_inside_are_not(address: str) -> None:
    assert not is_public(address)
