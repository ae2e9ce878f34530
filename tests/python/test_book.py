"""The order book on its own."""
import pytest

import pairsabides as pab


def test_orders_meet_by_price_and_then_by_time():
    book = pab.OrderBook()
    first, second = book.limit("sell", 100, 10002, agent=1), book.limit("sell", 50, 10002, agent=2)
    book.limit("buy", 120, 10002, agent=3)
    fills = [event for event in book.events() if event["type"] == "order_executed" and event["recipient"] != 3]
    assert [(e["order"]["id"], e["order"]["quantity"], e["fill_price"]) for e in fills] == [(first, 100, 10002),
                                                                                          (second, 20, 10002)]
    assert book.l1() == ((0, 0), (10002, 30)) and book.volume(10) == (120, 0) and book.imbalance() == -1
    assert book.describe()["last_trade"] == 10002 and book.events() == []
    assert book.rows()["quantity"].tolist() == [100, 50, 100, 20] and book.rows().size == 0


def test_resting_orders_are_changed_by_their_ids():
    book = pab.OrderBook()
    a, b = book.limit("buy", 100, 9998), book.limit("buy", 70, 9997)
    book.partial_cancel(a, 30)
    assert book.l2("buy")["quantity"].tolist() == [70, 70]
    book.modify(a, 40)
    fresh = book.replace(b, 10, 9999)
    assert book.l2("buy", 5).tolist() == [(9999, 10), (9998, 40)] and set(book.l3("buy")["order_id"]) == {a, fresh}
    book.cancel(fresh)
    book.cancel(a)
    assert book.l1() == ((0, 0), (0, 0))
    for gone in (a, b, fresh):
        with pytest.raises(pab.Error, match="no resting order"):
            book.cancel(gone)


def test_flags_and_quirks_are_named():
    book = pab.OrderBook("abides")
    book.limit("sell", 10, 10001, flags=["hidden"])
    assert book.l1()[1] == (0, 0) and len(book.l3("sell")) == 1
    book.market("buy", 10)
    assert book.describe()["order_count"] == 0
    book.limit("sell", 1, 1)
    book.clear()
    assert book.l3("sell").size == 0
    with pytest.raises(pab.Error, match="no order flag"):
        book.limit("sell", 1, 1, flags=["shy"])
    with pytest.raises(pab.Error, match="no quirk"):
        pab.OrderBook(["odd"])
