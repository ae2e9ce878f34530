// An agent type as a C++ class: its members are its state, which the market saves, copies and hashes.
#include <pairsabides.hpp>

#include <cstdio>

// Buys a slice at the best ask once a period.
struct buyer {
    struct params {
        std::int64_t slice;  // shares
        std::int64_t period; // ns
    };
    static constexpr pab_param keys[] = {
        {"slice", PAB_PARAM_INT, offsetof(params, slice), "shares", "10", 1, 1e6, nullptr, "Shares bought at a time"},
        {"period", PAB_PARAM_DURATION, offsetof(params, period), "ns", "30s", 1, 1e15, nullptr,
         "Time between purchases"},
    };

    std::int64_t bought; // shares

    void on_wakeup(pab::agent self, bool can_trade)
    {
        if (!can_trade)
            return;
        self.query_spread(self.symbol());
        self.wakeup_at(self.now() + self.params<params>().period);
    }

    void on_message(pab::agent self, const pab_message &msg, std::int32_t)
    {
        if (msg.type == PAB_MSG_ORDER_EXECUTED)
            bought += msg.u.order.quantity;
        if (msg.type == PAB_MSG_SPREAD && msg.u.quote.ask > 0)
            self.limit_order(msg.symbol, PAB_BUY, self.params<params>().slice, msg.u.quote.ask);
    }
};

static int run()
{
    pab::config cfg;
    cfg.add_agent_type<buyer>("buyer", "Buyer");
    cfg.parse("preset: rmsc04\n"
              "clock: {market_close: '10:00:00'}\n"
              "agents: {patient: {type: buyer, symbol: ABM, count: 2, slice: 25, period: 20s}}\n");
    const pab::scenario scn(cfg);
    const auto last = static_cast<std::int32_t>(scn.describe().agent_count) - 1;

    pab::market market(scn), restored(scn);
    market.reset(1);
    market.run(scn.describe().market_open + INT64_C(600000000000));
    restored.restore(market.save());
    market.finish();
    restored.finish();

    const std::int64_t bought = market.agent_state<buyer>(last)->bought;
    std::printf("bought %lld shares\n", static_cast<long long>(bought));
    return bought > 0 && bought == market.holding(last, 0) && market.hash() == restored.hash() ? 0 : 1;
}

int main()
{
    try {
        return run();
    } catch (const std::exception &e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
