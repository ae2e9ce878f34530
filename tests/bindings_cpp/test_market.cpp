// Configurations, books, markets, agents and observers through the C++ binding.
#include <pairsabides.hpp>

#include <array>
#include <thread>
#include <type_traits>

#include "check.hpp"

static const std::int64_t minute = INT64_C(60000000000); // ns

static pab::config short_day()
{
    return std::move(pab::config::from_preset("rmsc04").set("clock.market_close", "09:40:00"));
}

// Buys a slice at the best ask now and then; throws when asked to.
struct buyer {
    struct params {
        std::int64_t slice, period, fails_after;
    };
    static constexpr pab_param keys[] = {
        {"slice", PAB_PARAM_INT, offsetof(params, slice), "shares", "10", 1, 1e6, nullptr, "Shares bought at a time"},
        {"period", PAB_PARAM_DURATION, offsetof(params, period), "ns", "30s", 1, 1e15, nullptr, "Time between"},
        {"fails_after", PAB_PARAM_INT, offsetof(params, fails_after), "", "1000000", 0, 1e9, nullptr, "Wakings"},
    };
    std::int64_t bought, wakings, built;

    void on_build(pab::agent) { built = 1; }
    void on_wakeup(pab::agent self, bool can_trade)
    {
        const params &p = self.params<params>();
        if (++wakings > p.fails_after)
            throw std::domain_error("out of money");
        if (!can_trade)
            return;
        self.query_spread(self.symbol());
        self.wakeup_at(self.now() + p.period);
    }
    void on_message(pab::agent self, const pab_message &msg, std::int32_t)
    {
        if (msg.type == PAB_MSG_ORDER_EXECUTED)
            bought += msg.u.order.quantity;
        if (msg.type == PAB_MSG_SPREAD && msg.u.quote.ask > 0)
            self.limit_order(msg.symbol, PAB_BUY, self.params<params>().slice, msg.u.quote.ask);
    }
};

// No state of its own: all it does is count in what it was given.
struct clocked {
    void on_wakeup(pab::agent self, bool) { self.user<int>() += 1; }
};

static pab::scenario with_buyer(const char *more = "")
{
    pab::config cfg = short_day();
    cfg.add_agent_type<buyer>("buyer", "Buyer");
    cfg.parse(std::string("agents: {mine: {type: buyer, symbol: ABM, slice: 25") + more + "}}");
    return pab::scenario(cfg);
}

static_assert(!std::is_copy_constructible_v<pab::config> && std::is_nothrow_move_constructible_v<pab::config>);
static_assert(!std::is_copy_constructible_v<pab::scenario> && std::is_nothrow_move_constructible_v<pab::scenario>);
static_assert(!std::is_copy_constructible_v<pab::market> && std::is_nothrow_move_constructible_v<pab::market>);
static_assert(!std::is_copy_constructible_v<pab::book> && std::is_nothrow_move_constructible_v<pab::book>);
static_assert(!std::is_convertible_v<pab::span<const char>, pab::span<char>>, "a span keeps const");

TEST(an_error_carries_status_and_sentence)
{
    pab::config cfg = short_day();
    const auto e = thrown<pab::error>([&] { cfg.set("agents.value.count", "many"); });
    CHECK(e.status() == PAB_E_TYPE && std::string(e.status_name()) == "PAB_E_TYPE");
    CHECK(std::string(e.what()).find("agents.value.count") != std::string::npos);
    CHECK(thrown<pab::error>([&] { cfg.preset("nothing"); }).status() == PAB_E_KEY);
}

TEST(keys_are_set_from_any_type_and_read_back)
{
    pab::config cfg = short_day();
    cfg.set("agents.value.count", 17).set("agents.value.lambda_a", 5.7e-12).set("quirks.stale_feed", false);
    CHECK(cfg.get("agents.value.count") == "17");
    CHECK(std::stod(cfg.get("agents.value.lambda_a")) == 5.7e-12);
    CHECK(cfg.get("quirks.stale_feed") == "false");
    pab::config again;
    again.parse(cfg.text());
    CHECK(pab::scenario(again).describe().fingerprint == pab::scenario(cfg).describe().fingerprint);
}

TEST(listings_end)
{
    CHECK(pab::presets().size() >= 2);
    CHECK(pab::schema().size() > 20);
    const pab::scenario scn(short_day());
    CHECK(std::string(scn.symbol(0)) == "ABM" && scn.symbol(1) == nullptr);
    CHECK(thrown<pab::error>([&] { scn.group(1000); }).status() == PAB_E_RANGE);
}

TEST(the_binding_runs_the_market_that_c_runs)
{
    const pab::scenario scn(short_day());
    pab::market market(scn);
    market.reset(3);
    CHECK(market.run(scn.describe().market_open + minute) == pab::stop::time);
    pab_market *plain = nullptr;
    std::uint64_t hash = 0;
    CHECK(pab_market_new(scn.get(), &plain) == PAB_OK && pab_market_reset(plain, 3) == PAB_OK);
    CHECK(pab_market_run(plain, scn.describe().market_open + minute, nullptr) == PAB_OK);
    CHECK(pab_market_hash(plain, &hash) == PAB_OK && hash == market.hash());
    CHECK(market.count().delivered > 0 && market.memory() > 0);
    pab_market_free(plain);
}

TEST(steps_lead_where_a_run_leads)
{
    const pab::scenario scn(short_day());
    const std::int64_t until = scn.describe().market_open;
    pab::market run(scn), stepped(scn);
    run.reset(1);
    run.run(until);
    stepped.reset(1);
    while (stepped.count().delivered < run.count().delivered)
        CHECK(stepped.step() == pab::stop::time);
    CHECK(stepped.count().now == run.count().now);
}

TEST(a_state_is_saved_restored_copied_and_moved)
{
    const pab::scenario scn(short_day());
    pab::market a(scn), b(scn), c(scn);
    a.reset(1);
    a.run(scn.describe().market_open + minute);
    std::vector<unsigned char> bytes = a.save();
    b.restore(bytes);
    c.copy_from(a);
    CHECK(a.hash() == b.hash() && a.hash() == c.hash());
    const std::uint64_t hash = a.hash();
    pab::market moved(std::move(a));
    CHECK(moved.hash() == hash && moved.get() == moved.view());
    b = std::move(moved);
    CHECK(b.hash() == hash && b.save() == bytes);
    bytes[bytes.size() / 2] ^= 1;
    CHECK(thrown<pab::error>([&] { c.restore(bytes); }).status() == PAB_E_CORRUPT && c.hash() == hash);
}

TEST(a_book_is_read_at_every_depth)
{
    const pab::scenario scn(short_day());
    pab::market market(scn);
    market.reset(1);
    market.run(scn.describe().market_open + 2 * minute);
    std::array<pab_level, 4> room;
    const auto bids = market.l2(0, PAB_BUY, room);
    CHECK(bids.size() > 1 && bids.size() <= room.size() && bids[0].price > bids[1].price);
    CHECK(market.l1(0).bid.price == bids[0].price && market.l1(0).bid.price < market.l1(0).ask.price);
    CHECK(!market.l3(0, PAB_SELL).empty() && market.symbol(0).trades > 0);
    CHECK(thrown<pab::error>([&] { market.symbol(9); }).status() != PAB_OK);
}

TEST(observers_see_everything_and_change_nothing)
{
    const pab::scenario scn(short_day());
    pab::market quiet(scn), watched(scn);
    std::uint64_t deliveries = 0, rows = 0, quotes = 0, values = 0;
    watched.on_delivery([&](const pab_delivery &d) { deliveries += d.time > 0; });
    watched.on_row([&](std::int64_t, std::uint32_t symbol, const pab_book_row &) { rows += symbol == 0; });
    watched.on_l1([&](std::int64_t, std::uint32_t, const pab::quote &q) { quotes += q.bid.price >= 0; });
    watched.on_fundamental([&](std::uint32_t, std::int64_t, std::int64_t value, bool) { values += value > 0; });
    pab::market moved(std::move(watched)); // observers follow
    quiet.reset(5);
    moved.reset(5);
    quiet.finish();
    moved.finish();
    CHECK(quiet.hash() == moved.hash());
    CHECK(deliveries == moved.count().delivered && rows > 0 && quotes > 0 && values > 0);
    moved.clear_taps();
    moved.reset(5);
    CHECK(deliveries == quiet.count().delivered);
}

TEST(a_class_is_an_agent_type)
{
    const pab::scenario scn = with_buyer();
    const auto id = static_cast<std::int32_t>(scn.describe().agent_count) - 1;
    pab::market market(scn), fork(scn);
    market.reset(1);
    market.run(scn.describe().market_open + 3 * minute);
    const buyer *state = market.agent_state<buyer>(id);
    CHECK(state->built == 1 && state->bought > 0 && state->bought == market.holding(id, 0));
    fork.copy_from(market);
    fork.finish();
    market.finish();
    CHECK(fork.hash() == market.hash() && fork.agent_state<buyer>(id)->bought == market.holding(id, 0));
}

TEST(what_an_agent_throws_comes_out_of_run)
{
    const pab::scenario scn = with_buyer(", fails_after: 3");
    pab::market market(scn);
    market.reset(1);
    const auto e = thrown<std::domain_error>([&] { market.finish(); });
    CHECK(std::string(e.what()) == "out of money");
    market.reset(1); // nothing is left behind
    CHECK(market.run(scn.describe().market_open) == pab::stop::time);
}

TEST(what_an_observer_throws_comes_out_of_run_and_not_of_another_thread)
{
    const pab::scenario scn(short_day());
    pab::market market(scn), other(scn);
    market.on_delivery([](const pab_delivery &) { throw std::domain_error("seen enough"); });
    market.reset(1);
    other.reset(1);
    CHECK(std::string(thrown<std::domain_error>([&] { market.step(); }).what()) == "seen enough");
    bool clean = false;
    std::thread([&] { clean = other.step() == pab::stop::time; }).join();
    CHECK(clean && other.step() == pab::stop::time);
}

TEST(an_agent_without_state_has_its_user)
{
    int wakings = 0;
    pab::config cfg = short_day();
    cfg.add_agent_type<clocked>("clocked", "Clocked", &wakings);
    cfg.parse("agents: {mine: {type: clocked, symbol: ABM, count: 2}}");
    const pab::scenario scn(cfg);
    pab::market market(scn);
    market.reset(1);
    market.finish();
    const auto id = static_cast<std::int32_t>(scn.describe().agent_count) - 1;
    CHECK(wakings > 0 && market.agent_state<clocked>(id) == nullptr);
}

TEST(a_book_tells_owners_and_history)
{
    std::vector<std::int32_t> types;
    int rows = 0;
    pab::book first(PAB_QUIRKS_NONE, [&](const pab_book_event &e) { types.push_back(e.type); },
                    [&](const pab_book_row &) { rows++; });
    pab::book book(std::move(first));
    pab_order sell{}, buy{};
    sell = {1, 100, 5000, 1, PAB_SELL, 0, 0};
    buy = {2, 30, 5000, 2, PAB_BUY, 0, 0};
    book.limit(1, sell);
    book.limit(2, buy);
    CHECK(types.size() == 3 && types[0] == PAB_MSG_ORDER_ACCEPTED && types[1] == PAB_MSG_ORDER_EXECUTED && rows >= 2);
    CHECK(book.l1().ask.quantity == 70 && book.l1().bid.quantity == 0);
    CHECK(book.l3(PAB_SELL).size() == 1 && book.volume(2, 10).first == 30 && book.describe().last_trade == 5000);
    CHECK(thrown<pab::error>([&] { book.limit(1, sell); }).status() == PAB_E_ARGUMENT); // back in time
    book.clear();
    CHECK(book.describe().order_count == 0);
}

TEST(what_an_observer_of_a_book_throws_comes_out_of_the_operation)
{
    pab::book book(PAB_QUIRKS_NONE, [](const pab_book_event &) { throw std::domain_error("told"); });
    const pab_order order = {1, 100, 5000, 1, PAB_SELL, 0, 0};
    CHECK(std::string(thrown<std::domain_error>([&] { book.limit(1, order); }).what()) == "told");
    CHECK(book.describe().order_count == 1);
}

int main()
{
    return run_cases();
}
