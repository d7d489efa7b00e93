using WhatsOps.Fleet;

namespace WhatsOps.Diagnosis;

/// <summary>
/// It disconnects by itself. Disconnections are open→connecting transitions: Evolution sends no close for a transient one. A session
/// that WhatsApp ended for good goes to pairing at once.
/// </summary>
internal static class DisconnectionTree
{
    public static Tree Tree { get; } = new("disconnection", "WhatsApp disconnects by itself", "gateway",
        [
            SharedNodes.Key("exists"),
            Question.Of("exists", "Does the gateway know the instance?", "instance.exists",
                ("there", "state"), ("absent", "instance_not_found"), ("not_loaded", "instance_not_loaded"), ("unreadable", "instance_unreadable")),
            Question.Of("state", "In which state is it?", "instance.state",
                ("open", "count"), ("connecting", "count"), ("close", "reason"), ("refused", "reason"), ("unknown", "count")),
            Question.Of("reason", "Why did the session end?", "close.reason",
                ("terminal", "logged_out"), ("replaced", "session_replaced"), ("unpaired", "not_paired"), ("other", "count")),
            Question.Of("count", "How often did it disconnect lately?", "disconnections.count", ("frequent", "neighbours"), ("few", "stability")),
            Question.Of("neighbours", "Do the gateway's other instances fall, too?", "gateway.neighbours", ("together", "gateway_wide"), ("alone", "stability_of_frequent")),
            Question.Of("stability_of_frequent", "Is the gateway stable?", "gateway.stability", ("unstable", "api_unstable"), ("stable", "frequent_disconnections")),
            Question.Of("stability", "Is the gateway stable?", "gateway.stability", ("unstable", "api_unstable"), ("stable", "now")),
            Question.Of("now", "Is it connected now?", "instance.state",
                ("open", "steady"), ("connecting", "disconnected_once"), ("close", "disconnected_once"), ("refused", "disconnected_once"), ("unknown", "disconnected_once")),
        ],
        [
            .. SharedNodes.KeyConclusions, SharedNodes.NotThere, SharedNodes.NotLoaded, SharedNodes.Unreadable, SharedNodes.LoggedOut, SharedNodes.NotPaired,
            new("session_replaced", Severity.High, "Another client took over the session of {instance} (reason 440): two gateways or programs use one account.", Remedy.RecoverInstance,
                "Find and end the other client first, or it takes the session again."),
            new("gateway_wide", Severity.Critical, "Many instances of gateway {gateway} disconnect together: it is the gateway or its way to WhatsApp, not {instance}.", Remedy.WaitForStability,
                "Look at the gateway's network, memory and log; leave the tenants alone."),
            new("frequent_disconnections", Severity.Medium, "{instance} disconnects over and over while its gateway and its neighbours are well: the phone's network, another device on the account, or a session gone bad.",
                Remedy.RecoverInstance, "Ask the customer whether the phone is online and how many devices are linked."),
            new("api_unstable", Severity.High, "Gateway {gateway} is unstable itself.", Remedy.WaitForStability, "Look at the gateway's load and log."),
            new("disconnected_once", Severity.Medium, "{instance} is not connected; it has not fallen often, and its gateway is stable.", Remedy.Reconnect),
            new("steady", Severity.Info, "{instance} is connected and has not fallen often lately.", Task: "If the customer still sees it, ask when: whatsops tenant {tenant} shows what happened."),
        ]);
}
