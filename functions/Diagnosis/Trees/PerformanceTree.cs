using WhatsOps.Fleet;

namespace WhatsOps.Diagnosis;

/// <summary>Slow or failing calls, by the numbers of our own calls within a day. No calls are no success.</summary>
internal static class PerformanceTree
{
    public static Tree Tree { get; } = new("performance", "The gateway is slow or fails", "sample",
        [
            Question.Of("sample", "Were there calls to measure?", "performance.sample", ("some", "average"), ("none", "not_measured")),
            Question.Of("average", "How long does a call take?", "performance.average", ("slow", "status_of_slow"), ("fast", "success")),
            Question.Of("status_of_slow", "Is it the looks at lists and states?", "performance.status", ("slow", "slow_status"), ("fast", "slow_api")),
            Question.Of("success", "How many calls succeed?", "performance.success", ("low", "errors"), ("good", "status")),
            Question.Of("errors", "Which error is the most frequent?", "performance.errors",
                ("timeout", "high_error_rate_timeouts"), ("no_connection", "high_error_rate_connection"), ("unauthorized", "high_error_rate_key"), ("http_5xx", "high_error_rate_server"), ("other", "high_error_rate")),
            Question.Of("status", "Do looks at lists and states take long?", "performance.status", ("slow", "slow_status"), ("fast", "timeouts")),
            Question.Of("timeouts", "Did calls time out?", "performance.timeouts", ("some", "some_timeouts"), ("none", "normal")),
        ],
        [
            new("not_measured", Severity.Low, "No call was made to gateway {gateway} within a day, so nothing can be said.", Task: "See that the health sweep runs: whatsops findings."),
            new("slow_status", Severity.Medium, "Lists and states of gateway {gateway} take longer than 5 seconds: it counts the messages of every instance for a list.",
                Task: "Let the gateway's database be cleaned and vacuumed (old Message and MessageUpdate rows), and give it more memory."),
            new("slow_api", Severity.High, "Calls to gateway {gateway} take more than 5 seconds on average.", Remedy.WaitForStability, "Look at its processor, memory and database; move tenants off it if it stays."),
            new("high_error_rate_timeouts", Severity.High, "Fewer than 95 % of the calls to gateway {gateway} succeed; most time out.", Remedy.WaitForStability, "Look at its load and its database's locks."),
            new("high_error_rate_connection", Severity.High, "Fewer than 95 % of the calls to gateway {gateway} succeed; most get no connection.", Remedy.WaitForStability, "Look at its container, its proxy and the network between."),
            new("high_error_rate_key", Severity.High, "Fewer than 95 % of the calls to gateway {gateway} succeed; most are refused for their key.", Task: "Renew the key: put the gateway's AUTHENTICATION_API_KEY where the fleet file refers to."),
            new("high_error_rate_server", Severity.High, "Fewer than 95 % of the calls to gateway {gateway} succeed; most fail inside it (5xx).", Remedy.WaitForStability, "Read the gateway's log; look at its database and Redis."),
            new("high_error_rate", Severity.High, "Fewer than 95 % of the calls to gateway {gateway} succeed.", Task: "Look at the refused calls of the timeline: whatsops tenant {tenant}."),
            new("some_timeouts", Severity.Low, "Gateway {gateway} is well on the whole, but some calls timed out.", Task: "Watch it; if they come at one hour, look at what runs then."),
            new("normal", Severity.Info, "Calls to gateway {gateway} are fast and succeed."),
        ]);
}
