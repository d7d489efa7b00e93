using WhatsOps.Fleet;

namespace WhatsOps.Diagnosis;

/// <summary>Questions that several trees begin with, and what they lead to when the answer ends the walk.</summary>
internal static class SharedNodes
{
    /// <summary>First of all: with a refused key, and behind a gateway that is away, nothing else that is said of an instance is true.</summary>
    public static Question Key(string next) => Question.Of(
        "gateway", "Does the gateway answer and accept the key?", "gateway.key",
        ("accepted", next), ("refused", "invalid_api_key"), ("no_key", "api_key_missing"), ("unreachable", "api_unreachable"), ("unknown_gateway", "gateway_unknown"));

    public static IReadOnlyList<Conclusion> KeyConclusions { get; } =
    [
        new("invalid_api_key", Severity.High, "Gateway {gateway} refuses the key: nothing that it says of {instance} can be believed.",
            Task: "Renew the key: put the gateway's AUTHENTICATION_API_KEY where the fleet file refers to, then diagnose again."),
        new("api_key_missing", Severity.High, "There is no key for gateway {gateway}: its reference has no value.", Task: "Set the reference that the fleet file names on the host, and restart it."),
        new("api_unreachable", Severity.Critical, "Gateway {gateway} does not answer; {instance} cannot be judged, and no other of its instances works either.", Remedy.WaitForStability,
            "Look at the gateway's host, container and network; the repair of single tenants can wait."),
        new("gateway_unknown", Severity.Medium, "Which gateway {instance} is on cannot be told.", Task: "Set config.api_url in the tenant's row to the URL of its gateway."),
    ];

    public static Conclusion LoggedOut { get; } = new("logged_out", Severity.High,
        "WhatsApp ended the session of {instance} for good (device removed or account blocked): the gateway does not reconnect, only pairing again helps.", Remedy.Reauthenticate,
        "Have the customer's phone at hand: a QR code must be scanned. Blocked accounts (403) need an appeal to WhatsApp first.");

    public static Conclusion NotThere { get; } = new("instance_not_found", Severity.High, "Instance {instance} does not exist on gateway {gateway}.", Remedy.CreateInstance, "Scan the QR code that the runbook shows.");

    public static Conclusion NotPaired { get; } = new("not_paired", Severity.High, "Gateway {gateway} has no device of {instance}: it was logged out, or never paired.", Remedy.Reauthenticate,
        "Have the customer's phone at hand: a QR code must be scanned.");

    public static Conclusion QueueUnconsumed { get; } = new("queue_unconsumed", Severity.High, "Messages wait in a queue that nobody consumes: its worker is not connected.", Task: "Restart the worker, and see that the queue empties: whatsops watch --system {system}.");

    public static Conclusion QueueBacklog { get; } = new("queue_backlog", Severity.Medium, "More comes into a queue than is taken out of it.", Task: "Look at the worker's log and load; start more workers where the product allows it.");

    public static Conclusion NotLoaded { get; } = new("instance_not_loaded", Severity.Medium,
        "The gateway has {instance} in its database but not in memory: it is starting up, or lost it.", Remedy.RestartInstance,
        "Wait five minutes after a start of the gateway; if the runbook does not help, restart gateway {gateway}.");

    public static Conclusion Unreadable { get; } = new("instance_unreadable", Severity.High, "Gateway {gateway} answers, but not for {instance}.", Task: "Look for {instance} in the gateway's log; restart the gateway if it says nothing.");
}
